"""A system of record that counts: row n says that n euros were paid back. As a connector, and as a process.

``GET /rows?after=7&limit=100`` tells the rows after the seventh, ``GET /row/7`` one, ``POST /grow {"rows": 500}`` makes
more. Whatever is killed, stopped or flooded, in the end exactly these rows must be known.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.sdk import Connector, Delivery, Fact, Found, Missing, Page, Ref, Row, StandardWebhooks

PAGE = 100


class Tally(Connector):
    title, domain, accepts = "Tally", "finance", ("order",)
    covers = {"order": ("refund.paid",)}
    signature = StandardWebhooks()

    def check(self) -> str:
        return f"It counts to {self.http.get('/rows', {'after': 0, 'limit': 1})['last']}."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            try:
                yield Found(ref, [one(self.http.get(self.http.path("/row/{n}", n=ref.value.removeprefix("T-"))))])
            except Missing:
                yield Found(ref)

    def changes(self, cursor: str | None) -> Iterator[Page]:
        if cursor is None:
            yield Page([], str(self.http.get("/rows", {"after": 0, "limit": 1})["last"]))
            return
        while rows := self.http.get("/rows", {"after": cursor, "limit": PAGE})["rows"]:
            cursor = str(rows[-1]["n"])
            yield Page([one(row) for row in rows], cursor)

    def cursor_at(self, since: datetime | None) -> str:
        return "0"

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        return [one(row) for row in json.loads(delivery.body)["rows"]]

    def read(self, row: Row) -> Iterable[Fact]:
        amount = {"amount": f"{row.body['n']}.00", "currency": "EUR"}
        refs = [Ref("order", f"T-{row.body['n']}"), Ref("refund", f"R-{row.id}")]
        yield Fact("refund.paid", {"amount": amount}, refs, datetime(2026, 11, 1, tzinfo=UTC))


def one(row: dict[str, Any]) -> Row:
    return Row("refund", str(row["n"]), row)


def app() -> Starlette:
    last = 0

    async def rows(request: Request) -> JSONResponse:
        after, limit = int(request.query_params["after"]), int(request.query_params["limit"])
        told = [{"n": n} for n in range(after + 1, min(last, after + limit) + 1)]
        return JSONResponse({"rows": told, "last": last})

    async def row(request: Request) -> JSONResponse:
        n = request.path_params["n"]
        there = n.isdigit() and 0 < int(n) <= last
        return JSONResponse({"n": int(n)} if there else {"error": "There is none."}, 200 if there else 404)

    async def grow(request: Request) -> JSONResponse:
        nonlocal last
        last += (await request.json())["rows"]
        return JSONResponse({"last": last})

    return Starlette(routes=[Route("/rows", rows), Route("/row/{n}", row), Route("/grow", grow, methods=["POST"])])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app(), host="127.0.0.1", port=parser.parse_args().port, log_level="error", access_log=False)
