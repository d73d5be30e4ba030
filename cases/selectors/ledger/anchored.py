"""Whether the anchors hold: signed, in one chain, over the digests that are kept, and the same as those exported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cases.ledger.anchors import Signed, compared, endorsement, walk
from cases.ledger.keys import key_id, signed_by
from cases.models import Anchor, LedgerKey
from cases.selectors.ledger.kinds import BY_NAME
from cases.selectors.ledger.verdicts import CHUNK, Exported, Verdict
from connectors.host.services.digests import Fault, digest_days


def keys_known() -> dict[str, str]:
    """Public keys by id; one that does not make its id is none."""
    rows = LedgerKey.objects.values_list("key_id", "public")
    return {id_: public for id_, public in rows if _is_hex(public) and key_id(public) == id_}


def anchors_signed(since: date | None = None) -> Iterator[Signed]:
    """Anchors by day."""
    rows = Anchor.objects.order_by("day")
    for row in (rows.filter(day__gte=since) if since else rows).iterator(CHUNK):
        yield signed_of(row)


def signed_of(row: Anchor) -> Signed:
    return Signed(row.body, row.digest, row.key_id, row.signature)


def anchors_fault(verdict: Verdict, since: date | None, exported: Exported | None) -> Fault | None:
    """The first anchor that does not hold, or is not the one that was exported, or signs other digests."""
    before = Anchor.objects.filter(day__lt=since).order_by("-day").first() if since else None
    keys, last = keys_known(), ""
    for anchor, broken in walk(anchors_signed(since), keys, signed_of(before) if before else None):
        kept = exported.anchors.get(anchor.day) if exported else None
        fault = (compared(anchor, kept) if kept else "") or broken or _days_fault(anchor)
        if fault:
            return Fault("anchor", fault, anchor.day)
        verdict.add(anchors=1)
        last = anchor.day
    return _anchors_missing(exported, since, last) or _key_fault(exported)


def _anchors_missing(exported: Exported | None, since: date | None, last: str) -> Fault | None:
    """An exported anchor that is not there, and digests of days behind the last anchor that was removed."""
    for day in sorted(exported.anchors) if exported else ():
        if day > last and (since is None or day >= since.isoformat()):
            return Fault("anchor", f"The anchor of {day}, which was exported, is missing.", day)
    return None


def _key_fault(exported: Exported | None) -> Fault | None:
    """A key that took over must be endorsed by the one before it, where that was still at hand; an endorsement that
    does not hold is a forged one."""
    publics = {**(exported.keys if exported else {}), **keys_known()}
    for row in LedgerKey.objects.exclude(endorsed_by="").order_by("pk"):
        message = endorsement(row.key_id, row.public)
        if row.endorsed_by not in publics or not signed_by(publics[row.endorsed_by], row.endorsement, message):
            return Fault("key", f"The key {row.key_id} says that {row.endorsed_by} endorsed it, which is not so.")
    return None


def _days_fault(anchor: Signed) -> str:
    """Whether a day's digests are those that were signed."""
    found = digest_days(date.fromisoformat(anchor.day))
    for name, signed in anchor.body.get("digests", {}).items():
        title = BY_NAME[name].title if name in BY_NAME else name
        if name not in found:
            return f"The digest of {title} of {anchor.day} is missing."
        if found[name] != (signed["count"], signed["root"]):
            return f"The digest of {title} of {anchor.day} is not the one that was signed."
    return ""


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)
