"""A clause in the words of its document, with where it stands."""

from __future__ import annotations

import re

from cases import formats
from cases.answers import Text, Value, text
from cases.questions.common import values as v
from cases.questions.policy_question.reading import TermsReading, day_written
from connectors.host.views import FactView

MOST = 400
"""Characters of a clause that are quoted."""


def paragraph(document: str, clause: str) -> str:
    """The first paragraph under the heading that begins with this clause, or what stands beside the mark itself."""
    if not clause:
        return ""
    lines = [line.strip() for line in document.splitlines()]
    mark = re.compile(rf"[#\s]*{re.escape(clause)}(?!\w|\.\d)[.:)]?\s*")
    at = next((n for n, line in enumerate(lines) if mark.match(line)), None)
    if at is None:
        return ""
    beside, found = mark.sub("", lines[at], count=1), list[str]()
    if beside.endswith((".", "!")):
        found.append(beside)
    for line in lines[at + 1 :]:
        if line.startswith("#") or line[:1] == clause[:1] or (found and not line):
            break
        found += [line] if line else []
    return _short(" ".join(" ".join(found).split()))


def _short(words: str) -> str:
    """Whole sentences, as many as fit; none is cut in two."""
    if len(words) <= MOST:
        return words
    end = max(words.rfind(stop, 0, MOST) for stop in (". ", "! ", "; "))
    return words[: end + 1] + " …" if end > 0 else ""


def quote(fact: FactView) -> Value | None:
    """The clause on how long there is, word by word; None where the document does not hold it."""
    words = paragraph(str(fact.data.get("text") or ""), str((fact.data.get("clauses") or {}).get("window_days", "")))
    if not words:
        return None
    inputs = ({"fact": fact.id, "pointer": "/text"}, {"fact": fact.id, "pointer": "/clauses/window_days"})
    return Value("text", words, words, rule="clause quoted", inputs=inputs)


def where(r: TermsReading, fact: FactView, long: bool = False) -> Text:
    """``RT-7 §1, version 2, in force since 1 Oct``."""
    since = day_written(fact.data.get("in_force_from"))
    if since is None:
        return text("{c}, version {n}", c=v.clause(fact, "window_days"), n=v.said(fact, "/version"))
    printed = formats.long_day(since, r.today) if long else formats.short_day(since, r.today)
    day = v.said(fact, "/in_force_from", printed, "date")
    return text("{c}, version {n}, in force since {d}", c=v.clause(fact, "window_days"), n=v.said(fact, "/version"),
                d=day)  # fmt: skip


def days(fact: FactView) -> Text:
    """``30 days from the delivery``."""
    start = "order" if fact.data.get("window_from") == "order.placed" else "delivery"
    unit = "day" if fact.data.get("window_days") == 1 else "days"
    return text(f"{{n}} {unit} from the {start}", n=v.said(fact, "/window_days", type_="number"))
