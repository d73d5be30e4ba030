"""How long what is kept, and lawful erasure: the rules, and the spellings of what identifies a person. Pure.

Beside them lies the one database function that erases (``erase.sql``); ``workspace.roles`` puts it in place.
"""
