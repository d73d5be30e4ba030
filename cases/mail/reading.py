"""A letter's bytes to its shape. Whatever somebody sends, there is something to show."""

from __future__ import annotations

import email
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime

from cases.mail.digesting import MAX_HEAD, ids_in, message_id_of
from cases.mail.folding import fold
from cases.mail.hypertext import text_of
from cases.mail.machines import Head, automatic, bounce
from cases.mail.shapes import Attached, Bounce, Letter

MAX_PARTS, MAX_DEPTH, MAX_FILES, MAX_BOUNDARIES = 200, 20, 50, 1000
MAX_TEXT, MAX_QUOTED = 9_500, 20_000
MAX_HEADER = 20_000
_UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CUT = "\n\n[The letter is longer; all of it is in the original.]"


class Careful(EmailPolicy):
    """Python's default policy, but a header is looked at only as far as anybody would write one."""

    def header_fetch_parse(self, name: str, value: str) -> object:  # type: ignore[override]
        return super().header_fetch_parse(name, value[:MAX_HEADER] if isinstance(value, str) else value)


POLICY = Careful()


def letter_read(raw: bytes) -> Letter:
    """Take a letter apart. Never raises: what can't be read is named in ``problems``."""
    problems: list[str] = []
    try:
        if raw.count(b"\n--") > MAX_BOUNDARIES:
            raise ValueError("more parts than any mail program writes")
        message: Message = email.message_from_bytes(raw, policy=POLICY)
        parts = list(_walk(message))
    except Exception:  # too deep, or broken in a way that the parser does not forgive
        problems.append("Its parts could not be told apart; its text is shown as it came.")
        message = BytesHeaderParser(policy=POLICY).parsebytes(raw[:MAX_HEAD])
        parts = []
    return _letter(raw, message, parts, problems)


def _letter(raw: bytes, message: Message, parts: list[Message], problems: list[str]) -> Letter:
    def head(name: str) -> str:
        return header(message, name)

    text, quoted, signature = _words(parts, raw, problems)
    senders = _addresses(message, "from")
    if len(senders) > 1:
        problems.append("It names several senders; the first is shown.")
    name, sender = senders[0] if senders else (_one_line(head("from"))[:200], "")
    replies = tuple(a for _, a in _addresses(message, "reply-to") if a != sender)
    return Letter(
        message_id=message_id_of(raw), in_reply_to=ids_in(head("in-reply-to")), references=ids_in(head("references")),
        sender=sender, sender_name=name, reply_to=replies, subject=_one_line(head("subject"))[:300],
        to=tuple(a for n in ("to", "cc") for _, a in _addresses(message, n))[:50], sent_at=_sent_at(head("date")),
        text=_capped(text, MAX_TEXT), quoted=_capped(quoted, MAX_QUOTED), signature=_capped(signature, 2000),
        files=_files(parts, problems), automatic=automatic(head), bounce=_bounce(parts, head),
        problems=tuple(problems),
    )  # fmt: skip


def header(message: Message, name: str) -> str:
    """A header as text, decoded, on one line; empty where there is none. Never raises."""
    try:
        return sound(" ".join(str(message.get(name, "")).split()))[:MAX_HEADER]
    except Exception:
        found = next((str(v) for k, v in message.raw_items() if k.lower() == name), "")  # type: ignore[attr-defined]
    try:
        return sound(" ".join(str(make_header(decode_header(found[:MAX_HEADER]))).split()))
    except Exception:
        return sound(" ".join(found[:MAX_HEADER].split()))


def sound(text: str) -> str:
    """Text without what no database keeps and no reader should meet: controls, half characters, turned directions."""
    return _UNSOUND.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _capped(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + CUT


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """``(name, address)`` of each. Taken apart before it is decoded: a name may hold what looks like an address."""
    try:
        pairs = [(a.display_name, a.addr_spec) for a in getattr(message[name], "addresses", ())]
    except Exception:
        raw = next((str(v) for k, v in message.raw_items() if k.lower() == name), "")  # type: ignore[attr-defined]
        pairs = _loosely(raw[:MAX_HEADER])
    found = [(_one_line(sound(n))[:200], sound(a).strip().lower()) for n, a in pairs[:100]]
    return [(n, a) for n, a in found if re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", a) and len(a) <= 300]


def _loosely(text: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([text])
    except Exception:
        return []


def _sent_at(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except Exception:
        return None


def _walk(message: Message) -> Iterator[Message]:
    """Its parts in order, from outside in; what is attached as a letter is not looked into."""
    todo = [(message, 0)]
    count = 0
    while todo and count < MAX_PARTS:
        part, depth = todo.pop()
        count += 1
        yield part
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list) and depth < MAX_DEPTH:
            todo += [(p, depth + 1) for p in reversed(content[:MAX_PARTS]) if isinstance(p, Message)]


def _words(parts: list[Message], raw: bytes, problems: list[str]) -> tuple[str, str, str]:
    plain = [p for p in parts if p.get_content_type() == "text/plain" and not _is_file(p)]
    texts = [t for p in plain[:20] if (t := _decoded(p, problems)).strip()]
    if not texts:
        marked = [p for p in parts if p.get_content_type() == "text/html" and not _is_file(p)]
        texts = [t for p in marked[:5] if (t := text_of(_decoded(p, problems)))]
    if not texts and not parts:
        body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
        texts = [sound((body[1] if len(body) > 1 else b"")[: 4 * MAX_TEXT].decode("utf-8", "replace"))]
    folded = fold(unicodedata.normalize("NFC", "\n".join(texts)))
    return folded.text, folded.quoted, folded.signature


def _is_file(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except Exception:
        return part.get_content_maintype() != "text"


def _decoded(part: Message, problems: list[str]) -> str:
    content = _bytes(part)
    charset = str(part.get_content_charset() or "utf-8")
    for name in (charset, "utf-8"):
        try:
            return sound(content.decode(name))
        except (LookupError, UnicodeError, ValueError):
            continue
    problems.append(f"Its characters are not what it says ({charset[:40]}); some may be wrong.")
    return sound(content.decode("cp1252", "replace"))


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return content
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return inner[0].as_bytes()
    except Exception:
        return b""
    return b""


def _files(parts: list[Message], problems: list[str]) -> tuple[Attached, ...]:
    found: list[Attached] = []
    for part in parts:
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart" or kind == "message/delivery-status":
            continue
        if kind in ("text/plain", "text/html") and not _is_file(part):
            continue
        content = _bytes(part)
        if len(found) == MAX_FILES:
            problems.append(f"It has more than {MAX_FILES} attachments; the rest is in the original.")
            break
        if content:
            found.append(Attached(_file_name(part, len(found) + 1), kind[:100], content))
    return tuple(found)


def _file_name(part: Message, number: int) -> str:
    try:
        name = sound(part.get_filename() or "")
    except Exception:
        name = ""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c if c.isalnum() or c in " ._-()[]+,&'" else "_" for c in name).strip(" .")
    if len(name) > 120:
        stem, dot, end = name.rpartition(".")
        name = f"{stem[:100]}.{end[:10]}" if dot else name[:120]
    known = {"message/rfc822": ".eml", "text/calendar": ".ics", "image/png": ".png", "image/jpeg": ".jpg"}
    return name or f"attachment-{number}{known.get(part.get_content_type(), '')}"


def _bounce(parts: list[Message], head: Head) -> Bounce | None:
    try:
        return bounce(parts, head)
    except Exception:
        return None
