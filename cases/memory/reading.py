"""What one message tells: its references, and what the table of phrases knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from cases.memory.phrases import TABLE
from cases.memory.refs import refs_in
from cases.memory.shapes import Told
from cases.words import MAX_WORDS
from connectors.host.views import NumberPattern

MAX_TOLD = 30
_END = re.compile(r"[.!?…]+(?=\s|$)|\n")
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
NOUNS = {"order": "Order", "return": "Return", "payment": "Payment", "refund": "Refund", "invoice": "Invoice",
         "shipment": "Shipment", "credit_note": "Credit note", "dispute": "Dispute", "email": "E-mail"}  # fmt: skip


@lru_cache(maxsize=2048)
def told_in(text: str, patterns: tuple[NumberPattern, ...] = ()) -> tuple[Told, ...]:
    """Everything that a message tells, in the order of its words. What it quotes of others counts for nothing."""
    text = _QUOTED.sub(lambda m: " " * len(m.group()), text[:MAX_WORDS])
    found = [*_refs(text, patterns), *_phrases(text)]
    return tuple(sorted(found, key=lambda t: t.span))[:MAX_TOLD]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends, its end sign included."""
    start = 0
    for end in (*(m.end() for m in _END.finditer(text)), len(text)):
        if text[start:end].strip():
            yield start + len(text[start:end]) - len(text[start:end].lstrip()), end
        start = end


def _refs(text: str, patterns: Sequence[NumberPattern]) -> Iterator[Told]:
    spans = tuple(sentences(text))
    for found in refs_in(text, patterns):
        whole = next((text[s:e] for s, e in spans if s <= found.span[0] < e), found.text)
        noun = NOUNS.get(found.ref.scheme, found.ref.scheme)
        key = found.ref.scheme
        yield Told(key, "ref", f"{noun} {found.ref.value}", _short(whole), found.span, str(found.ref))


def _phrases(text: str) -> Iterator[Told]:
    for start, end in sentences(text):
        sentence, seen = text[start:end], set()
        for phrase in TABLE:
            match = phrase.pattern.search(sentence)
            if match is None or phrase.key in seen or (phrase.kind == "sent" and sentence.rstrip().endswith("?")):
                continue
            seen.add(phrase.key)
            group = " ".join((match.group(1) or "").split()) if match.re.groups else ""
            span = (start + match.start(), start + match.end())
            yield Told(phrase.key, phrase.kind, phrase.what.format(group), _short(sentence), span)


def _short(words: str, most: int = 160) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def as_json(told: Sequence[Told]) -> list[dict[str, Any]]:
    """For the event that holds the words: what was read from them when they came."""
    return [{"key": t.key, "kind": t.kind, "what": t.what, "words": t.words, "span": list(t.span), "ref": t.ref}
            for t in told]  # fmt: skip


def from_json(data: Any) -> tuple[Told, ...]:
    """The same back."""
    return tuple(Told(d["key"], d["kind"], d["what"], d["words"], tuple(d["span"]), d["ref"]) for d in data)
