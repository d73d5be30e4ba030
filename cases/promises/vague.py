"""Words about time that name none: they are asked about and never guessed at."""

from __future__ import annotations

from cases.promises.tokens import Line

ASK = "Say by when: a day, or a time."


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split("|"))


_VAGUE = _phrases("""
    a couple of days | a couple of hours | a couple of weeks | a day or so | a few days | a few hours | a few weeks
    | a little later | a week or so | a.s.a.p | an hour or so | as fast as we can | as quickly as possible | as
    quickly as we can | as soon as | as soon as i can | as soon as possible | as soon as we can | asap | at once |
    at our earliest convenience | at the earliest | at your earliest convenience | by then | early next week | early
    this week | eventually | friday after next | immediately | in a bit | in a couple of days | in a couple of hours
    | in a day or so | in a few days | in a few hours | in a few minutes | in a few weeks | in a minute | in a
    moment | in a week or so | in a while | in an hour or so | in due course | in due time | in no time | in the
    coming days | in the coming weeks | in the near future | in the next few days | in the next few hours | in time
    | late next week | later | later next week | later this week | mid next week | next time | once | one of these
    days | over the coming days | promptly | right away | several days | several hours | several weeks | shortly |
    some time | sometime | sometime next week | sometime this week | soon | straight away | the next days | the next
    few days | the other day | the usual time | until then | very soon | when i am back | when i can | when possible
    | when we can | within a day or so | within a few days | within a few hours | within a few minutes | within a
    few weeks | within a week or so | within days | within hours | within the hour or so | within the week | without
    delay
""")
LOOSE = _phrases("""
    around | about | approximately | roughly | approx | circa | some time around | hopefully | probably by | in
    about | in around | within about | in approximately | in roughly | by about | by around | at about | at around |
    on or around | within around | within approximately
""")
"""What follows is told roughly."""
OPEN_ENDED = _phrases("""
    after | from | starting | starting from | as of | not before | no earlier than | not earlier than | at least |
    more than | in more than | at the earliest on | earliest | over a | in over | since
""")
"""What follows is a beginning."""
EXCLUDED = _phrases("""
    of | dated | from your | every | each | last | past | previous | per | for the last | in the last | in the past
    | for the past | over the last | over the past | for another | valid for | ordered on | placed on | received on
    | sent on | bought on | order from | dated the
""")
"""What follows says when something else was."""
_PAST = _phrases("""
    ago | old | late | earlier | before that | overdue
""")
_EVENT = _phrases("""
    of receiving | of receipt | of the | of your | of our | of getting | of it | of us | after | from receipt | from
    the | from when | from your | following | once | since | from receiving | from dispatch | from delivery | of
    delivery | of dispatch | of arrival | of its | from its | of when | before
""")
_HALVES = ("mid", "early", "late", "start", "beginning", "middle")


def vague(line: Line, i: int) -> int:
    """The index after words that name no time; ``i`` itself where none stand here."""
    after = line.words(i, *_VAGUE)
    if after > i:
        return after
    if line[i].text in _HALVES and (line[i + 1].kind == "dash" or line[i + 1].text in ("of", "next", "this")):
        return line.words(i + 2, "the", "next", "this", "in") + 1
    return i


def counted_from(line: Line, i: int) -> str:
    """What a length of time that ends here is counted from, where not from now: ``past``, ``event`` or nothing."""
    if line.words(i, *_PAST) > i:
        return "past"
    if line.words(i, "from now", "from today", "from this moment") > i:
        return ""
    return "event" if line.words(i, *_EVENT) > i else ""
