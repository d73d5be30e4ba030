"""The observations of one case: a function of its events alone, so that any order of counting gives the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cases.measuring.contacts import contacts
from cases.measuring.owned import owned
from cases.measuring.pictured import pictured
from cases.measuring.promised import promised
from cases.measuring.shapes import History, Seen
from cases.measuring.told import told

OBSERVERS: tuple[Callable[[History], Iterable[Seen]], ...] = (told, promised, owned, contacts, pictured)


def observe(history: History) -> Iterator[Seen]:
    """Everything to be counted in one case, each with a key that is unique in its measure."""
    for observer in OBSERVERS:
        yield from observer(history)
