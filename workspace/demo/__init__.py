"""The demo: four source systems that know nothing of each other, their seed, and the command that runs it all."""
