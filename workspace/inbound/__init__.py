"""The door for what sources send by themselves: ``POST /in/{source}/…``."""
