"""Policies over HTTP or from a folder, in every version, so that the one in force at a time can be found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import Field, model_validator

from connectors.contrib.policies import documents
from connectors.sdk import BadSettings, Connector, Fact, Found, Missing, Page, Ref, Row, Settings, Undone, Unreadable
from connectors.sdk.kinds import KINDS

FAMILIES = tuple(kind.removeprefix("policy.") for kind in KINDS if kind.startswith("policy."))
VERSIONS = 50
MAX_BYTES = 1_000_000

_kept: dict[tuple[str, str], tuple[str, str]] = {}
"""What this process read before, by library and address: ETag and text. It spares reading, never asking."""
_KEPT_AT_MOST = 1000


class PolicySettings(Settings):
    base_url: str = Field("", description="Where the documents are, e.g. https://policies.example; or give a folder")
    folder: str = Field("", description="A folder with one Markdown file per version of a document")
    key: str = Field("", description="Bearer key, where one is needed, as a reference: env:POLICY_KEY")

    @model_validator(mode="after")
    def one_place(self) -> PolicySettings:
        if not (self.base_url or self.folder):
            raise ValueError("give base_url or folder")
        # A folder is read without asking anybody; the host binds every connector to an address all the same.
        self.base_url = self.base_url or "http://localhost"
        return self


class PolicyConnector(Connector):
    title = "Policy documents"
    domain = "policy"
    Settings = PolicySettings
    accepts = ("policy",)
    covers = {"policy": tuple(f"policy.{family}" for family in FAMILIES)}

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.key}"} if settings.key else {}

    def check(self) -> str:
        rows = list(self._rows())
        if not rows:
            raise BadSettings("There is no policy document here: look at the address or the folder.")
        for row in rows:
            try:
                list(self.read(row))
            except ValueError as error:
                raise BadSettings(f"{row.id} can't be read: {error}") from None
        known = sorted({documents.family(row.body["markdown"]) or "" for row in rows})
        return f"{len(rows)} versions of {len({r.body['document'] for r in rows})} documents on {', '.join(known)}."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        rows = [(documents.family(row.body["markdown"]), row) for row in self._rows()]
        for ref in refs:
            # A document that can't be read might be the one: it is handed on, to be shown as malformed.
            fitting = [row for family, row in rows if ref.value in (family, row.body["document"]) or family is None]
            yield Found(ref, fitting, kinds=(f"policy.{ref.value}",) if ref.value in FAMILIES else ())

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """Documents that are new or edited since the last look; the cursor is a mark of each version's text."""
        rows = list(self._rows())
        marks = {row.id: hashlib.sha256(row.body["markdown"].encode()).hexdigest()[:16] for row in rows}
        seen = json.loads(cursor) if cursor else marks
        yield Page([row for row in rows if seen.get(row.id) != marks[row.id]], json.dumps(marks, sort_keys=True))

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        found = documents.fact(row.body["markdown"], str(self.settings.zone))
        said = (found.data["document"], found.data["version"])
        if said != (row.body["document"], row.body["version"]):
            raise ValueError(f"It is kept as {row.id}, but says that it is {said[0]}@{said[1]}.")
        return [Fact(found.kind, {**found.data, **({"url": row.url} if row.url else {})}, found.refs, found.occurred)]

    def _rows(self) -> Iterator[Row]:
        return self._from_folder() if self.settings.folder else self._from_http()

    # -- a folder ------------------------------------------------------------------------------------

    def _from_folder(self) -> Iterator[Row]:
        folder = Path(self.settings.folder)
        if not folder.is_dir():
            raise BadSettings("The folder of policies is not there, or may not be read.", str(folder))
        for path in sorted(folder.rglob("*.md")):
            if path.name.lower() == "readme.md":
                continue
            try:
                markdown = _read(path)
            except (OSError, ValueError) as error:
                raise Unreadable(f"The policy file {path.name} can't be read as UTF-8 text.", str(error)) from None
            yield _row(*_named(markdown, path.stem), markdown)

    # -- HTTP ----------------------------------------------------------------------------------------

    def _from_http(self) -> Iterator[Row]:
        for entry in self._index():
            newest = str(entry["version"])
            for version in _versions(entry):
                try:
                    markdown = self._text(entry, "" if version == newest else version)
                except Missing:
                    continue  # withdrawn between the index and now
                url = f"{self.settings.base_url.rstrip('/')}{entry['url']}?version={quote(version)}"
                yield _row(str(entry["id"]), version, markdown, url)

    def _index(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for page in self.http.pages("/documents"):
            entries = page.get("documents") if isinstance(page, dict) else None
            if not isinstance(entries, list) or not all(
                isinstance(e, dict) and e.get("id") and e.get("version") and str(e.get("url")).startswith("/")
                for e in entries
            ):
                raise Unreadable("The policy library sent no list of documents with id, url and version.")
            found += entries
        return found

    def _text(self, entry: Mapping[str, Any], version: str) -> str:
        """The Markdown of one version, read again only where its ETag has changed."""
        key = (self.settings.base_url, f"{entry['url']}?{version}")
        etag, text = _kept.get(key, ("", ""))
        if etag and not version and etag == entry.get("etag"):
            return text
        headers = {"Accept": "text/markdown, text/plain", **({"If-None-Match": etag} if etag else {})}
        answer = self.http.raw(str(entry["url"]), {"version": version} if version else None, headers)
        if answer.unchanged:
            return text
        if "html" in answer.content_type or "json" in answer.content_type:
            raise Unreadable("The policy library sent something other than Markdown.", answer.content_type)
        text = answer.text()
        if answer.etag:
            while len(_kept) >= _KEPT_AT_MOST:
                _kept.pop(next(iter(_kept)))
            _kept[key] = (answer.etag, text)
        return text


def _read(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    return path.read_text(encoding="utf-8")


def _row(document: str, version: str, markdown: str, url: str = "") -> Row:
    body = {"document": document, "version": version, "markdown": markdown}
    return Row("policy", f"{document}@{version}", body, url=url)


def _named(markdown: str, stem: str) -> tuple[str, str]:
    """Which document and version a file holds; its name says so where its terms can't be read."""
    try:
        terms, _ = documents.split(markdown)
        return str(terms["document"]), str(terms["version"])
    except (ValueError, KeyError):
        document, _, version = stem.partition("@")
        return document, version or "unknown"


def _versions(entry: Mapping[str, Any]) -> list[str]:
    """Oldest first, at most the newest fifty. Without a list, whole numbers are counted down from the newest."""
    newest = entry["version"]
    listed = entry.get("versions")
    if isinstance(listed, list) and listed:
        return list(dict.fromkeys([*map(str, listed[-VERSIONS:]), str(newest)]))
    if str(newest).isdigit() and int(newest) < 10_000:
        return [str(n) for n in range(max(1, int(newest) - VERSIONS + 1), int(newest) + 1)]
    return [str(newest)]
