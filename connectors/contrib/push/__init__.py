"""Facts that programs push, as CloudEvents: nobody is asked."""
