"""Reading promises and their times from words. Pure: a function of the text, an explicit instant and a zone."""

from cases.promises.detecting import promises_in
from cases.promises.phrases import due_in, due_read
from cases.promises.shapes import Due, Promised, PromiseFound, Unread

__all__ = ["Due", "PromiseFound", "Promised", "Unread", "due_in", "due_read", "promises_in"]
