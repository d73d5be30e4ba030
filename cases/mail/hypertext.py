"""HTML to the text that a person would read in it, in one pass and without a tree: letters nest deeper than any stack.
Nothing of it is ever shown as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

MAX_HTML, MAX_TAGS = 300_000, 15_000
_GONE = {"script", "style", "title", "template", "noscript", "svg", "object", "iframe", "select", "button"}
_ATTRIBUTES = {"class", "id", "type", "style", "hidden", "alt"}
_VOID = {"br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"}
_LINES = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre",
          "section", "article", "header", "footer", "dt", "dd"}  # fmt: skip
_KEPT = _LINES | {"br", "a", "img", "span", "td", "th", "font", "b", "i"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "table"}
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra")
_QUOTE_IDS = ("divrplyfwdmsg", "appendonsend", "reply-intro")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
Attrs = list[tuple[str, str | None]]


def text_of(html: str) -> str:
    """What a person reads; what their program marked as an earlier letter has ``> `` before its lines."""
    html = html[:MAX_HTML]
    if html.count("<") > MAX_TAGS:  # no letter: its tags are taken out as they stand
        return _tidy(re.sub(r"<[^<>]*>", "\n", html))
    # Well-formed first: what is left open on purpose makes parsers slow.
    sound = nh3.clean(
        html, tags=_KEPT, clean_content_tags=_GONE, link_rel=None, attributes={"*": _ATTRIBUTES, "a": {"href"}}
    )
    text = _read(sound, hide=True)
    return text if any(c.isalnum() for c in text) else _read(sound, hide=False)


def _read(html: str, hide: bool) -> str:
    reader = _Reader(hide)
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """``told`` are pieces of text; a quotation is between marks, since it may be told only when it has ended."""

    def __init__(self, hide: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.hide = hide
        self.told: list[str] = []
        self.quoting: list[str] = []
        self.without: tuple[str, int] = ("", 0)
        """The element whose content is left out, and how many of its name are open."""
        self.quote: tuple[str, int] = ("", 0)
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        if self.without[1]:
            self.without = _deeper(self.without, tag, 1)
            return
        if tag not in _VOID and self._gone(tag, attrs):
            self.without = (tag, 1)
            return
        if self.quote[1]:
            self.quote = _deeper(self.quote, tag, 1)
        elif tag not in _VOID and _is_quotation(tag, attrs):
            self.quote = (tag, 1)
        self._edge(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.without[1]:
            self.without = _deeper(self.without, tag, -1)
            return
        if tag == "a" and self.link:
            self._say(_address(*self.link))
            self.link = None
        self._say("\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else " " if tag in ("td", "th") else "")
        if self.quote[1]:
            self.quote = _deeper(self.quote, tag, -1)
            if not self.quote[1]:
                self._quoted()

    def handle_data(self, data: str) -> None:
        if not self.without[1]:
            words = re.sub(r"\s+", " ", data)
            if self.link and len(self.link[1]) < 20:
                self.link[1].append(words[:200])
            self._say(words)

    def text(self) -> str:
        self._quoted()
        return _tidy("".join(self.told))

    def _gone(self, tag: str, attrs: Attrs) -> bool:
        found = dict(attrs)
        return self.hide and ("hidden" in found or bool(_HIDDEN.search((found.get("style") or "")[:2000])))

    def _edge(self, tag: str, attrs: Attrs) -> None:
        found = dict(attrs)
        if tag == "br":
            self._say("\n")
        elif tag == "img" and (found.get("alt") or "").strip():
            self._say(f"[{str(found['alt'])[:80]}]")
        elif tag == "a":
            self.link = ((found.get("href") or "").strip()[:300], [])
        else:
            self._say(("\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else "") + ("- " if tag == "li" else ""))

    def _say(self, words: str) -> None:
        if words:
            (self.quoting if self.quote[1] else self.told).append(words)

    def _quoted(self) -> None:
        lines = _tidy("".join(self.quoting))
        if lines:
            self.told.append("\n\n" + "\n".join(f"> {line}" for line in lines.split("\n")) + "\n\n")
        self.quoting = []


def _deeper(place: tuple[str, int], tag: str, by: int) -> tuple[str, int]:
    return (place[0], place[1] + by) if tag == place[0] else place


def _is_quotation(tag: str, attrs: Attrs) -> bool:
    found = {name: (value or "")[:500].lower() for name, value in attrs}
    if any(mark in found.get("class", "") for mark in _QUOTES) or found.get("id", "") in _QUOTE_IDS:
        return True
    return tag == "blockquote" and found.get("type") == "cite"


def _address(href: str, words: list[str]) -> str:
    """Where a link leads, when its words don't say."""
    said = "".join(words).strip().rstrip("/")
    if not href.lower().startswith(("http://", "https://")) or not href.isprintable() or (said and said in href):
        return ""
    return f" <{href}>"


def _tidy(text: str) -> str:
    lines = [re.sub(r"[ \t\xa0\u200b\u200c\ufeff]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
