"""Every operation of the document, with bodies and parameters that nobody chose: never a 500, always the shape."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.client import Caller, document

WORDS = st.text(max_size=40) | st.sampled_from(
    ["order:48-1193", "email:maya@example.com", "refund-status", "in", "out", "open"]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
OPERATIONS = [(m, p) for p, found in document()["paths"].items() for m in found if m in ("get", "post")]
SOUND: dict[str, Any] = {
    "question": "refund-status", "refs": ["order:48-1193"], "message": "?", "text": "Hello", "direction": "in",
    "channel": "chat", "how": "called_back", "owner": "dana", "why": "So",
}  # fmt: skip


def bodies(operation: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies of which most fields are sound, so that some get past the first check; and any JSON at all."""
    if "requestBody" not in operation:
        return st.just({}) | ANY
    content = operation["requestBody"]["content"]
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    if not name:
        return ANY
    fields = document()["components"]["schemas"][name].get("properties", {})
    sound = {f: (st.just(SOUND[f]) | ANY if f in SOUND else ANY) for f in fields}
    return st.fixed_dictionaries({}, optional=sound) | ANY


def parameters(operation: dict[str, Any]) -> st.SearchStrategy[dict[str, str]]:
    names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    values = WORDS | st.integers().map(str) | st.sampled_from(["2026-11-19T14:06:00Z", "2026-11-19", "2.5", "9" * 30])
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


def test_nothing_that_can_be_sent_breaks_it(rep: Caller, case: str, subtests: pytest.Subtests) -> None:
    for method, path in OPERATIONS:
        caches["near"].clear()
        with subtests.test(f"{method} {path}"), transaction.atomic():
            stands(rep, case, method, path)
            transaction.set_rollback(True)


def stands(rep: Caller, case: str, method: str, path: str) -> None:
    operation = document()["paths"][path][method]

    @given(data=st.data())
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def send(data: st.DataObject) -> None:
        where = path.replace("{reference}", case).replace("{id}", str(data.draw(st.integers(0, 2**70))))
        if method == "get":
            reply = rep.get(where, **data.draw(parameters(operation)))
        else:
            reply = rep.post(where, data.draw(bodies(operation)))
        assert reply.status < 500, reply.body

    send()
