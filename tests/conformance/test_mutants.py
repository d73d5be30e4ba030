"""The suite finds what is wrong: a sound connector, spoiled in one way, fails the check that is about it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.conformance import conform
from connectors.conformance.plugin import find
from workspace.connecting.scaffold import Wanted, folder_make

SPOILED = {
    "lookup-one-each": ("yield Found(ref, [Row(", 'yield Found(Ref("order", "1"), [Row('),
    "hostile-error-in-200": ("            try:\n", '            if "error" in self.http.get("/ping"):\n'
                             "                yield Found(ref)\n                continue\n            try:\n"),
    "hostile-500": ("except Missing", "except Exception"),
    "lookup-ref-values": ('self.http.path("/{scheme}s/{number}", scheme=ref.scheme, number=ref.value)',
                          'f"/{ref.scheme}s/{ref.value}"'),
    "times-source-zone": ("times.instant(row.body[\"paid_at\"], self.zone)",
                          "__import__('datetime').datetime.fromisoformat(row.body['paid_at'] + '+00:00')"),
    "times-machine": ("times.instant(row.body[\"paid_at\"], self.zone)",
                      "__import__('datetime').datetime.fromisoformat(row.body['paid_at']).astimezone()"),
    "money-exact": ('money(row.body["amount"], row.body["currency"])',
                    '{"amount": row.body["amount"].rstrip("0"), "currency": row.body["currency"]}'),
    "money-digits": ('money(row.body["amount"]', 'money(f"{float(row.body[\'amount\']):.2f}"'),
    "read-no-clock": ('when = times', "__import__('datetime').date.today()\n        when = times"),
    "read-asks-nothing": ("when = times", 'self.http.get("/ping")\n        when = times'),
    "read-body-unchanged": ("when = times", 'row.body["seen"] = True\n        when = times'),
    "read-needs-no-lookup": ("when = times", "self.sent\n        when = times"),
    "facts-schema": ("data, refs = {", "data, refs = {} and {"),
    "facts-refs": ("[Ref(row.type, row.id)]", '[Ref("tracking", row.id)]'),
    "contract-imports": ("from pydantic", "import logging\n\nfrom pydantic"),
    "settings-described": ('description="The key, as a reference: env:SOURCE_ACME_KEY"', 'description=""'),
    "settings-secret-names": ("key: str = Field(", "pin: str = Field('1', "),
    "secrets-errors": ("except Missing:\n                yield Found(ref)",
                       "except Exception as error:\n                raise sdk.Refused(f'No: {self.settings.key}')"),
    "secrets-logs": ('self.http.get("/ping")', 'print(self.settings.key) or self.http.get("/ping")'),
    "secrets-repr": ('return "Acme answers', 'return self.settings.key + "Acme answers'),
}  # fmt: skip
"""What is changed in a new connector, by the check that must see it."""


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[[str], Path]:
    def make(check: str) -> Path:
        folder = folder_make(Wanted("acme", domain="finance"), tmp_path)
        path, (before, after) = folder / "connector.py", SPOILED[check]
        text = path.read_text()
        assert before in text, check
        text = text.replace(before, after)
        if check == "settings-secret-names":
            text = text.replace("settings.key", "settings.pin")
        path.write_text(text)
        recorded = folder / "recordings" / "01-first.json"
        recorded.write_text(recorded.read_text().replace("+02:00", ""))
        return folder

    return make


@pytest.mark.parametrize("check", sorted(SPOILED))
def test_the_check_sees_it(spoiled: Callable[[str], Path], check: str) -> None:
    (result,) = conform(find(str(spoiled(check))), [check])
    assert result.status == "failed", result
    assert len(result.why.split()) > 4 and "It raises" not in result.why


@pytest.mark.parametrize("spoil", ["header", "field"])
def test_an_exemption_from_paging_is_believed_only_where_there_are_no_pages(tmp_path: Path, spoil: str) -> None:
    folder = folder_make(Wanted("acme", domain="finance"), tmp_path)
    assert [r.status for r in conform(find(str(folder)), ["paging-exempt"])] == ["passed"]
    recorded = folder / "recordings" / "01-first.json"
    found = json.loads(recorded.read_text())
    answers = [one["response"] for one in (found if isinstance(found, list) else [found])]
    for answer in answers:
        if spoil == "header":
            answer["headers"] = {"Link": '</things?page=2>; rel="next"'}
        elif spoil == "field" and isinstance(answer.get("body"), dict):
            answer["body"]["meta"] = {"next_cursor": "c2"}
    recorded.write_text(json.dumps(found))
    (result,) = conform(find(str(folder)), ["paging-exempt"])
    assert result.status == "failed" and "page" in result.why


def test_a_sound_one_fails_none(tmp_path: Path) -> None:
    folder = folder_make(Wanted("sound", domain="finance"), tmp_path)
    assert [r for r in conform(find(str(folder))) if r.status == "failed"] == []
