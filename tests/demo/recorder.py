"""``python -m tests.demo.recorder`` writes the demo connectors' recordings anew, from the running systems."""

from __future__ import annotations

import json
import tempfile
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.demo.conftest import TOKEN, running
from workspace.demo.systems.finance import USER

ROOT = Path(__file__).parents[2] / "connectors" / "contrib"
KEYS = {
    "shop": {"Authorization": f"Bearer {TOKEN}"}, "warehouse": {"X-Api-Key": TOKEN},
    "finance": {"Authorization": "Basic " + b64encode(f"{USER}:{TOKEN}".encode()).decode()},
}  # fmt: skip
KEPT = ("content-type", "retry-after")
Call = tuple[str, dict[str, str]]


def calls(world: Any) -> dict[str, list[Call]]:
    """What is asked of each system: path and parameters, as its connector asks."""
    maya, part, many = world.named["paid"], world.named["partial_refund"], world.named["refunded_twice"]
    twice, lost, days = many.payment, world.named["time_unknown"].returns[0], world.named["day_only"].returns[0]
    page = {"limit": "50", "cursor": ""}
    return {
        "shop": [
            ("/changes", {"after": "latest"}), ("/orders/48-1193", {}), ("/orders/none", {}),
            ("/orders", {"email": "ines+shop@mail.example", **page}),
            ("/orders", {"email": "nobody@x.example", **page}),
            ("/orders", {"return": "RMA-77120", **page}), ("/orders", {"payment": maya.payment, **page}),
            (f"/orders/{world.named['cancelled_refunded'].number}", {}),
            (f"/orders/{world.named['early_refund_due'].number}", {}),
        ],
        "warehouse": [
            ("/v2/changes", {"since": "now"}), ("/v2/changes", {"since": "127", "offset": "0", "limit": "50"}),
            ("/v2/returns/RMA-77120", {}), ("/v2/returns/none", {}), (f"/v2/returns/{lost.number}", {}),
            (f"/v2/returns/{days.number}", {}),
            (f"/v2/returns/{world.named['inspection_failed'].returns[0].number}", {}),
        ],
        "finance": [
            ("/ping", {}), ("/ledger", {"payment": "none", "page": "1"}),
            *(("/ledger", {"payment": p, "page": "1"}) for p in (
                maya.payment, part.payment, twice, world.named["disputed"].payment,
                world.named["credit_note_only"].payment, world.named["refund_failed"].payment)),
        ],
    }  # fmt: skip


def recorded(url: str, path: str, params: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(f"{url}{path}?{urlencode(params)}", headers=headers)
    try:
        response: Any = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        kept = {k.lower(): v for k, v in response.headers.items() if k.lower() in KEPT}
        answer = {"status": response.status, "headers": kept, "body": json.loads(response.read())}
    return {"request": {"path": path, "params": params}, "response": answer}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as systems:
        for name, asked in calls(systems.world).items():
            found = [recorded(systems.urls[name], path, params, KEYS[name]) for path, params in asked]
            path = ROOT / f"demo_{name}" / "recordings" / "answers.json"
            path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
