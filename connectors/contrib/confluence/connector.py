"""Policies kept as Confluence pages, page version by page version, as one user may see them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from connectors.contrib.confluence import terms
from connectors.sdk import (
    BadCredentials,
    BadSettings,
    Connector,
    Fact,
    Found,
    Missing,
    Page,
    Ref,
    Refused,
    Row,
    Settings,
    Undone,
    Unreadable,
)
from connectors.sdk.times import instant

Obj = Mapping[str, Any]
EXPAND = "body.storage,version,metadata.labels"
PAGE = 50
NONE = "Confluence shows this user no page labelled {label}: there may be one that it may not see."
HIDDEN = "Confluence may hide pages from this user."
LOST = "A page that was found could not be opened by this user."
EARLIER = "Earlier versions of a page can't be read, so terms of earlier days may be missing."

_kept: dict[tuple[str, str, int], Obj] = {}
"""Earlier versions read by this process: a version that was overtaken never changes. Spares reading, never asking."""
_KEPT_AT_MOST = 500


class ConfluenceSettings(Settings):
    base_url: str = Field(description="With /wiki where it is Confluence Cloud: https://acme.atlassian.net/wiki")
    user: str = Field("", description="The e-mail address that the token belongs to (Cloud); empty for Data Center")
    token: str = Field(description="API token (Cloud) or personal access token, as a reference: env:CONFLUENCE_TOKEN")
    space: str = Field("", pattern=r"^[\w~.-]*$", description="The key of one space to look in; empty for all")
    label: str = Field("policy-", pattern=r"^[\w-]+$", description="Put before returns, refunds … in a page's label")
    earlier: int = Field(20, ge=0, le=50, description="How many earlier versions of a page are read for its terms")
    sees_all: bool = Field(True, description="False where restrictions may hide labelled pages from this user")


class ConfluenceConnector(Connector):
    title = "Confluence policies"
    domain = "policy"
    Settings = ConfluenceSettings
    accepts = ("policy",)
    covers = {"policy": tuple(f"policy.{family}" for family in terms.FAMILIES)}
    orders_versions = True

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        if settings.user:
            pair = b64encode(f"{settings.user}:{settings.token}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {"Authorization": f"Bearer {settings.token}"}

    def check(self) -> str:
        try:
            hits = [(family, hit) for family in terms.FAMILIES for hit in self._search(family)]
        except Refused as error:
            sentence = "Confluence does not let this user in: check the user, the token and the right to use it."
            raise BadCredentials(sentence, error.detail) from None
        families = {hit["id"]: family for family, hit in hits}
        if not families:
            raise BadSettings(f"This user sees no page labelled {self.settings.label}returns or the like.")
        closed = [id for id in families if not self._is_sound(id)]
        told = f"{len(families) - len(closed)} pages on {', '.join(sorted(set(families.values())))} can be read"
        return f"{told}; {len(closed)} can't be opened by this user." if closed else f"{told}."

    def _is_sound(self, id: str) -> bool:
        """Whether a page that was found can be opened. Raises BadSettings where its terms can't be read."""
        try:
            rows, _ = self._rows(self._page(id))
        except (Missing, Refused):
            return False
        for row in rows:
            try:
                list(self.read(row))
            except ValueError as error:
                raise BadSettings(f"The page {row.body['title']!r} can't be read: {error}") from None
        return True

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            yield self._of(ref) if ref.value in terms.FAMILIES else Found(ref, kinds=())

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """The cursor holds the version of every labelled page that was read."""
        hits = {hit["id"]: hit["version"]["number"] for family in terms.FAMILIES for hit in self._search(family)}
        seen = json.loads(cursor) if cursor else hits
        rows: list[Row] = []
        for id in [id for id, number in hits.items() if seen.get(id) != number]:
            try:
                rows += self._rows(self._page(id))[0]
            except (Missing, Refused):
                del hits[id]  # gone or hidden between the search and now: to be read as soon as it can be
        yield Page(rows, json.dumps(hits, sort_keys=True))

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        return terms.facts(row.body, self.settings.label, str(self.settings.zone), row.url)

    # -- pages -----------------------------------------------------------------------------------------

    def _of(self, ref: Ref) -> Found:
        rows: list[Row] = []
        reason = "" if self.settings.sees_all else HIDDEN
        for hit in self._search(ref.value):
            try:
                found, all_read = self._rows(self._page(hit["id"]))
            except (Missing, Refused):  # Confluence answers 404 for what a user may not see
                reason = LOST
                continue
            rows += found
            reason = reason if all_read else EARLIER
        if not rows:
            reason = reason or NONE.format(label=self.settings.label + ref.value)
        return Found(ref, rows, complete=not reason, kinds=(f"policy.{ref.value}",), reason=reason)

    def _search(self, family: str) -> Iterator[Obj]:
        """The pages with this family's label that the user may see, each with its version's number."""
        where = f' and space = "{self.settings.space}"' if self.settings.space else ""
        cql = f'type = page and label = "{self.settings.label}{family}"{where}'
        params = {"cql": cql, "limit": PAGE, "expand": "content.version"}
        for document in self.http.pages("/rest/api/search", params, next=self._next):
            results = document.get("results") if isinstance(document, dict) else None
            if not isinstance(results, list):
                raise Unreadable("Confluence sent something other than a list of pages.")
            for result in results:
                yield _sound(result.get("content") if isinstance(result, dict) else None)

    def _next(self, document: Any) -> str | None:
        """Confluence's next address begins after /wiki, wherever that is."""
        links = document.get("_links") if isinstance(document, dict) else None
        following = links.get("next") if isinstance(links, dict) else None
        return self.settings.base_url.rstrip("/") + str(following) if following else None

    def _page(self, id: str, version: int = 0) -> Obj:
        params = {"expand": EXPAND, **({"status": "historical", "version": version} if version else {})}
        page = _sound(self.http.get(self.http.path("/rest/api/content/{id}", id=id), params))
        if not isinstance(page.get("body"), dict) or "value" not in page["body"].get("storage", {}):
            raise Unreadable("Confluence sent a page without its body.", f"page {id}")
        return page

    def _rows(self, page: Obj) -> tuple[list[Row], bool]:
        """One row for each day from which the page's terms are in force, told by the last version that says so;
        and whether earlier versions could be read."""
        found: dict[str, Row] = {}
        number, labels, all_read = page["version"]["number"], _labels(page), True
        for version in range(number, max(0, number - 1 - self.settings.earlier), -1):
            one = page if version == number else self._earlier(str(page["id"]), version)
            if one is None:
                all_read = False
                break
            row = self._row(one, labels)
            found.setdefault(row.id, row)
        return list(found.values()), all_read

    def _earlier(self, id: str, version: int) -> Obj | None:
        key = (self.settings.base_url, id, version)
        if key not in _kept:
            try:
                page = self._page(id, version)
            except (Missing, Refused):
                return None
            if page["version"]["number"] != version:
                return None  # this Confluence shows the present version only
            while len(_kept) >= _KEPT_AT_MOST:
                _kept.pop(next(iter(_kept)))
            _kept[key] = page
        return _kept[key]

    def _row(self, page: Obj, labels: list[str]) -> Row:
        """Labels are the page's present ones: they are not kept by version."""
        storage, id, version = str(page["body"]["storage"]["value"]), str(page["id"]), page["version"]
        when = instant(version["when"]).isoformat() if version.get("when") else ""
        body = {"id": id, "title": str(page.get("title", "")), "version": version["number"], "when": when,
                "labels": labels, "storage": storage}  # fmt: skip
        webui = (page.get("_links") or {}).get("webui", "")
        url = self.settings.base_url.rstrip("/") + str(webui) if webui else ""
        return Row("policy", f"{id}@{terms.day_of(storage)}", body, version=version["number"], url=url)


def _sound(page: Any) -> Obj:
    version = page.get("version") if isinstance(page, dict) else None
    number = version.get("number") if isinstance(version, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not page.get("id"):
        raise Unreadable("Confluence sent a page without its id and version.")
    return dict(page)


def _labels(page: Obj) -> list[str]:
    labels = ((page.get("metadata") or {}).get("labels") or {}).get("results") or []
    return sorted(str(label["name"]) for label in labels)
