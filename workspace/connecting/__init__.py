"""Connecting a system: a new connector from one command, and everything to try it by hand."""
