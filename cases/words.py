"""What people and programs hand in: words, references and names of channels, cleaned or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cases.errors import BadRef, BadWords
from connectors.sdk import Ref

MAX_WORDS = 10_000
MAX_REFS = 20
CHANNELS = ("email", "web", "chat", "phone", "letter", "api")
VERIFIED = {
    "order_and_email": "Knew order number and e-mail", "called_back": "Called back on the number we hold",
    "signed_in": "Signed in to their account", "identity_document": "Showed an identity document",
    "other": "In another way",
}  # fmt: skip
"""How an asker can have been verified, in words."""


def words_clean(text: object, *, field: str = "text", required: bool = True, limit: int = MAX_WORDS) -> str:
    """Words with plain line ends and without control characters. Raises BadWords with what to do."""
    if not isinstance(text, str):
        raise BadWords(f"{field} must be text.", field)
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadWords(f"{field} holds a character that no message can carry (NUL or half of a pair).", field)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if required and not text:
        raise BadWords(f"{field} is empty. Write at least one word.", field)
    if len(text) > limit:
        raise BadWords(f"{field} has {len(text):,} characters; at most {limit:,} are taken. Shorten it.", field)
    return text


def channel_clean(channel: str) -> str:
    if channel not in CHANNELS:
        raise BadWords(f"{str(channel)[:40]!r} is not a channel. Use one of: {', '.join(CHANNELS)}.", "channel")
    return channel


def refs_clean(refs: Iterable[Ref | str]) -> list[Ref]:
    """References of a case, each once, in the order given. Raises BadRef."""
    if isinstance(refs, str):
        refs = [refs]
    found = dict.fromkeys(ref_clean(r) for r in refs)
    if not found:
        raise BadRef("A case needs at least one reference, e.g. order:48-1193 or email:maya@example.com.", "refs")
    if len(found) > MAX_REFS:
        raise BadRef(f"A case takes at most {MAX_REFS} references; {len(found)} were given.", "refs")
    return list(found)


def ref_clean(ref: Ref | str) -> Ref:
    """One reference that a source can be asked about."""
    try:
        ref = ref if isinstance(ref, Ref) else Ref.parse(words_clean(ref, field="refs", limit=400))
    except ValueError as error:
        raise BadRef(str(error), "refs") from error
    if any("\ud800" <= c <= "\udfff" for c in ref.value):
        raise BadRef("A reference holds half of a character pair. Type it again.", "refs")
    if not ref.joins or ref.scheme == "policy":
        raise BadRef(
            f"No source can be asked about {ref.scheme!r}. Use an order, return, payment, refund, e-mail or the like.",
            "refs",
        )
    return ref


_EMAIL = re.compile(r"^[^\s@<>,;:\"]+@[^\s@<>,;:\"]+$")


def email_clean(recipient: Ref | str) -> Ref:
    """An e-mail address to write to, given as a ref, ``email:a@b.example`` or bare."""
    text = recipient.value if isinstance(recipient, Ref) else str(recipient).removeprefix("email:")
    text = words_clean(text, field="recipient", limit=300)
    if isinstance(recipient, Ref) and recipient.scheme != "email" or not _EMAIL.match(text):
        raise BadRef(f"{str(recipient)[:60]!r} is not an e-mail address to write to.", "recipient")
    return Ref("email", text)


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What no reference holds."""
_STARTS = {"rma": "return", "ret-": "return", "pi_": "payment", "ch_": "payment", "re_": "refund", "pyr_": "refund"}
"""How numbers of some kinds usually begin; any other is taken for an order's."""


def guesses(text: str) -> tuple[Ref, ...]:
    """What a pasted word could be a reference to: ``order:…``, ``email:…``, or as it says itself."""
    text = text.strip().strip("#")
    if not text or len(text) > 300 or _UNPRINTABLE.search(text):
        return ()
    if _EMAIL.match(text):
        return (Ref("email", text),)
    try:
        return (ref_clean(text),)
    except (BadRef, BadWords):
        pass
    if " " not in text and any(c.isdigit() for c in text) and ":" not in text:
        return (Ref(next((s for start, s in _STARTS.items() if text.lower().startswith(start)), "order"), text),)
    return ()
