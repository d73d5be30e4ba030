"""Answers that are none: whatever a source does, it is an error with a reason, and never "there is nothing"."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from connectors.conformance.checking import check, fail, need
from connectors.conformance.servers import Replay
from connectors.conformance.subject import Outcome, Subject, ask
from connectors.sdk import BadCredentials, Refused, SourceError, TryAgain, testing
from connectors.sdk.testing import Behaviour, Server, say

DRIP_LIMIT_S, SLACK_S = 0.15, 2.0
"""What is allowed on a busy machine; a source that drips a byte a second would take for ever."""


def _first(subject: Subject, behaviour: Callable[[], Behaviour]) -> list[Outcome]:
    """Every answer so, from the first on, for one ref of each scheme. Fails where it is told as a whole answer."""
    outcomes = []
    for ref in subject.telling:
        with Server(behaviour()) as server:
            outcome = ask(subject.connector(server.url, max_bytes=200_000), [ref])
            if not server.asked:
                continue
        if outcome.is_told_as_whole:
            fail(f"Asked about {ref}, this was told as all that there is: raise Unreadable, or let self.http raise.")
        outcomes.append(outcome)
    need(outcomes, "Nothing was asked over HTTP: say in ledger.toml what it reads, [conformance] transport.")
    return outcomes


def _all_are(outcomes: list[Outcome], kind: type[Exception], what: str) -> None:
    for outcome in outcomes:
        error = outcome.error
        need(isinstance(error, kind) or (error is None and not outcome.is_told_as_whole),
             f"{what} becomes {type(error).__name__}: let out the {kind.__name__} that self.http raises.")  # fmt: skip


@check("hostile-429-seconds", "Asked to slow down for seconds, it says for how long.", http=True)
def hostile_429_seconds(subject: Subject) -> None:
    for outcome in _first(subject, lambda: say(429, "Slow down.", {"Retry-After": "7"})):
        after = getattr(outcome.error, "after", None)
        need(after == 7, f"429 with Retry-After: 7 becomes after={after}: let out the TryAgain that self.http raises.")


@check("hostile-429-date", "Asked to slow down until a date, it says until when.", http=True)
def hostile_429_date(subject: Subject) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    for outcome in _first(subject, lambda: say(429, "Slow down.", {"Retry-After": when})):
        after = getattr(outcome.error, "after", None) or 0
        need(60 <= after <= 91, f"429 with a date 90 s from now becomes after={after}: let the TryAgain out.")


@check("hostile-500", "A source in trouble is asked again later.", http=True)
def hostile_500(subject: Subject) -> None:
    _all_are(_first(subject, lambda: say(500, "Trouble.")), TryAgain, "500")


@check("hostile-503", "A source that is down for a moment is asked again later.", http=True)
def hostile_503(subject: Subject) -> None:
    _all_are(_first(subject, lambda: say(503, "", {"Retry-After": "30"})), TryAgain, "503")


@check("hostile-401", "A key that is not taken any more asks the integrator to reconnect.", http=True)
def hostile_401(subject: Subject) -> None:
    _all_are(_first(subject, lambda: say(401, "Who are you?")), BadCredentials, "401")


@check("hostile-403", "What we may not see is refused, and never absent.", http=True)
def hostile_403(subject: Subject) -> None:
    _all_are(_first(subject, lambda: say(403, "Not for you.")), SourceError, "403")


@check("hostile-html", "A sign-in page with status 200 is no answer.", http=True)
def hostile_html(subject: Subject) -> None:
    _first(subject, testing.html)


@check("hostile-content-type", "JSON that says it is something else is no answer.", http=True)
def hostile_content_type(subject: Subject) -> None:
    body = b'{"data": [], "items": [], "results": [], "entries": [], "documents": []}'
    _first(subject, lambda: say(200, body, {"Content-Type": "application/xml"}))


@check("hostile-error-in-200", "An error that comes with status 200 is no answer.", http=True)
def hostile_error_in_200(subject: Subject) -> None:
    _first(subject, lambda: say(200, {"error": {"code": 17, "message": "The database is locked."}}))
    _first(subject, lambda: say(200, {"ok": False, "errors": ["The database is locked."]}))


@check("hostile-empty-200", "A 200 without a body, or with null, is no answer.", http=True)
def hostile_empty_200(subject: Subject) -> None:
    _first(subject, lambda: say(200, b""))
    _first(subject, lambda: say(200, None))


@check("hostile-truncated", "A body that is cut off is no answer.", http=True)
def hostile_truncated(subject: Subject) -> None:
    _first(subject, testing.cut_in_body)
    _first(subject, lambda: testing.cut_in_body(promised=False))


@check("hostile-cut-headers", "A connection that closes inside the headers is no answer.", http=True)
def hostile_cut_headers(subject: Subject) -> None:
    _first(subject, testing.cut_in_headers)
    _first(subject, lambda: testing.cut_in_headers(404))


@check("hostile-endless", "A body without end is stopped.", http=True)
def hostile_endless(subject: Subject) -> None:
    _first(subject, testing.endless)


@check("hostile-later", "When a later request of one question fails, what came before is not told as all there is.",
       http=True)  # fmt: skip
def hostile_later(subject: Subject) -> None:
    for ref in subject.telling:
        with subject.server() as server:
            ask(subject.connector(server.url), [ref])
        for at in range(2, min(len(server.asked), 6) + 1):
            with Replay(subject.recordings, spoil_at=at, spoiled=say(500, "Trouble.")) as server:
                outcome = ask(subject.connector(server.url), [ref])
            need(not outcome.is_told_as_whole, f"Asked about {ref}, request {at} failed with 500, and the rest was "
                 "told as complete: let the error out, or yield complete=False.")  # fmt: skip


@check("hostile-redirect", "It leaves its host for nobody, and takes no key along.", http=True)
def hostile_redirect(subject: Subject) -> None:
    with Server(say(200, {})) as elsewhere:
        for outcome in _first(subject, lambda: testing.redirect(elsewhere.url + "/orders")):
            refused = isinstance(outcome.error, Refused | TryAgain) or outcome.error is None
            need(refused, f"A redirect elsewhere becomes {type(outcome.error).__name__}.")
    need(not elsewhere.asked, "A redirect to another host was followed: use self.http for every request.")


@check("hostile-next-link", "A next link that leads to another host is not followed.", http=True)
def hostile_next_link(subject: Subject) -> None:
    with Server(say(200, {})) as elsewhere:

        def lead_away(document: Any) -> Any:
            if isinstance(document, dict):
                return {k: elsewhere.url + "/p" if _leads(k, v) else lead_away(v) for k, v in document.items()}
            return [lead_away(v) for v in document] if isinstance(document, list) else document

        for ref in subject.telling:
            with Replay(subject.recordings, change=lead_away, link=f'<{elsewhere.url}/p>; rel="next"') as server:
                ask(subject.connector(server.url), [ref])
    need(not elsewhere.asked, "A link to another host was followed: use self.http for every request.")


def _leads(key: Any, value: Any) -> bool:
    link = isinstance(value, str) and value.startswith(("http:", "https:", "/"))
    return "next" in str(key).lower() and (link or value is None)


def _stopped_in_time(subject: Subject, behaviour: Behaviour, doing: str) -> None:
    ref = subject.telling[0]
    with Server(behaviour) as server:
        connector = subject.connector(server.url, limit_s=DRIP_LIMIT_S)
        began = time.monotonic()
        outcome = ask(connector, [ref], DRIP_LIMIT_S)
        took = time.monotonic() - began
    need(not outcome.is_told_as_whole, f"A source that {doing} was told as one that has answered.")
    need(took < DRIP_LIMIT_S + SLACK_S, f"A source that {doing} held the connector for {took:.1f} s, with a limit of "
         f"{DRIP_LIMIT_S} s: use self.http for every request, and wait for nothing else.")  # fmt: skip


@check("hostile-drip-body", "The deadline holds while the body comes at a byte a second.", http=True)
def hostile_drip_body(subject: Subject) -> None:
    _stopped_in_time(subject, testing.drip_body(1.0), "sends its body byte by byte")


@check("hostile-drip-headers", "The deadline holds while the headers come at a byte a second.", http=True)
def hostile_drip_headers(subject: Subject) -> None:
    _stopped_in_time(subject, testing.drip_headers(1.0), "sends its headers byte by byte")


@check("hostile-hang", "The deadline holds while the source says nothing.", http=True)
def hostile_hang(subject: Subject) -> None:
    _stopped_in_time(subject, testing.hang(), "says nothing")


@check("hostile-check", "check() never says that all is well with a source that does not answer.", http=True)
def hostile_check(subject: Subject) -> None:
    for behaviour in (say(500, "Trouble."), say(401, "Who are you?"), testing.html(), testing.cut_in_body()):
        with Server(behaviour) as server:
            connector = subject.connector(server.url)
            try:
                said = connector.check()
            except SourceError:
                continue
            except Exception as error:  # noqa: BLE001
                fail(f"check() raises {type(error).__name__}: {error}: raise a SourceError, with a sentence.")
            need(not server.asked, f"check() says {said!r} of a source that does not answer: ask it something.")
