"""What is new in a letter, and what it repeats: by lines, in one pass, so that no letter can make it slow.

Where in doubt nothing is folded: a customer's word must not disappear under "earlier letters".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAID = r"wrote|writes|schrieb|kirjoitti|skrev|écrit|escribió|scritto|schreef|escreveu|napisał|napisał\(a\)|rašė|пише"
_ATTRIBUTION = re.compile(rf"(?:^|\s)(?:{_SAID})(?:\s[^:]{{0,120}})?:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^[-_*\s]{2,40}(original message|original mail|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|alkuperäinen viesti|ursprungligt meddelande|message d'origine|message transféré|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht)[-_*\s]{2,40}$",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"^\*?(from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|lähettäjä|lähetetty|vastaanottaja|päivämäärä|aihe"
    r"|från|skickat|till|ämne|de|envoyé|à|objet|enviado|para|asunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp)"
    r"\s?:\*?\s?\S",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^(sent from (my|outlook|mail|yahoo|proton)|get outlook for|von meinem .{1,40} gesendet|gesendet von|"
    r"lähetetty .{1,40}(sta|stä|lta|ltä)\b|skickat från|envoyé de(puis)? mon|enviado desde|inviato da|verzonden vanaf)",
    re.IGNORECASE,
)
MAX_SIGNATURE, MAX_LINES = 12, 20_000


@dataclass(frozen=True)
class Folded:
    """The three add up to the letter's text, but for empty lines."""

    text: str
    quoted: str = ""
    signature: str = ""


def fold(text: str) -> Folded:
    """Take a letter's plain text apart."""
    lines = text.split("\n")[:MAX_LINES]
    fresh, quoted = _split(lines)
    if not _has_words(fresh):  # all of it is quoted: then it is what they send
        return Folded(_joined(lines))
    fresh, signature = _signed(fresh)
    return Folded(_joined(fresh), _joined(quoted), _joined(signature))


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    for n, line in enumerate(lines):
        if not line.strip():
            continue
        if _ORIGINAL.match(line) or _is_block(lines, n):
            return lines[:n], lines[n:]
        if wide := _attribution(lines, n):
            return _after(lines, n, n + wide)
        if line.startswith(">"):
            return _after(lines, n, n)
    return lines, []


def _attribution(lines: list[str], n: int) -> int:
    """How many lines "On Tuesday somebody wrote:" takes here; mail programs break it. 0: it is none."""
    for wide in (1, 2, 3):
        if n + wide > len(lines) or not lines[n + wide - 1].strip():
            return 0
        text = " ".join(line.strip() for line in lines[n : n + wide])
        if len(text) > 400:
            return 0
        if _ATTRIBUTION.search(text) and any(c.isdigit() for c in text):
            return wide
    return 0


def _after(lines: list[str], start: int, body: int) -> tuple[list[str], list[str]]:
    """A quotation begins at ``start``, its words at ``body``. What stands under it, or between, stays."""
    marked = [n for n in range(body, len(lines)) if lines[n].startswith(">")]
    if not marked:  # a program that does not mark what it quotes
        return lines[:start], lines[start:]
    block = body
    while block < len(lines) and (lines[block].startswith(">") or not lines[block].strip()):
        block += 1
    under = lines[block:]
    if not _has_words(under) or _is_signature(under):
        return lines[:start] + under, lines[start:block]
    if not _has_words(lines[:start]) and not any(line.startswith(">") for line in under):
        return under, lines[start:block]  # they answer under the whole quotation
    return lines, []  # they answer between its lines: both belong together


def _is_block(lines: list[str], n: int) -> bool:
    """The headers that some programs put above what they quote."""
    near = [line.strip("> ") for line in lines[n : n + 8] if line.strip("> ")]
    heads = 0
    for line in near:
        if not _BLOCK.match(line):
            break
        heads += 1
    return heads >= 3


def _signed(lines: list[str]) -> tuple[list[str], list[str]]:
    for n in range(len(lines) - 1, max(-1, len(lines) - 1 - MAX_SIGNATURE), -1):
        if _is_signature(lines[n:]) and _has_words(lines[:n]):
            return lines[:n], lines[n:]
    return lines, []


def _is_signature(lines: list[str]) -> bool:
    words = [line for line in lines if line.strip()]
    if not words or len(words) > MAX_SIGNATURE:
        return False
    return words[0].rstrip() == "--" or (len(words) <= 2 and bool(_DEVICE.match(words[0].strip())))


def _has_words(lines: list[str]) -> bool:
    return any(c.isalnum() for line in lines if not line.startswith(">") for c in line)


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
