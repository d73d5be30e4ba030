"""Twelve weeks of the demo's past, told by the same verbs that people press, with the clock led through them."""
