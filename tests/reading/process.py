"""``python -m tests.reading.process facts_import notes file``: a command in a process of its own, to be killed."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from tests.reading import notes

    notes.discovered()
    call_command(sys.argv[1], *sys.argv[2:])
