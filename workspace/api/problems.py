"""Problem details (RFC 9457): the one shape of every error that the API gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.encoding import escape_uri_path

from workspace.api.vocabulary import PROBLEM_TYPES

PREFIX = "urn:throughline:problem:"
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Raised by API code. ``detail`` says what to do; ``errors`` name the places, ``more`` are extra members."""

    def __init__(
        self, kind: str, detail: str, *, errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] = {},
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.kind, self.detail, self.more = kind, detail, more
        self.errors, self.headers = list(errors), dict(headers)

    @property
    def status(self) -> int:
        return PROBLEM_TYPES[self.kind]


def pointed(detail: str, pointer: str) -> dict[str, str]:
    """One entry of ``errors``: what is wrong at a JSON pointer of the body (``#/refs/0``)."""
    return {"detail": detail, "pointer": "#" + pointer}


def in_query(detail: str, parameter: str) -> dict[str, str]:
    """One entry of ``errors``: what is wrong with a parameter of the address."""
    return {"detail": detail, "parameter": parameter}


def bad_query(detail: str, parameter: str, kind: str = "bad-input") -> Problem:
    return Problem(kind, detail, errors=[in_query(detail, parameter)])


def document(problem: Problem, path: str) -> dict[str, Any]:
    """The members of a problem document."""
    return {
        "type": PREFIX + problem.kind, "title": HTTPStatus(problem.status).phrase, "status": problem.status,
        "detail": problem.detail, "instance": escape_uri_path(path), "errors": problem.errors, **problem.more,
    }  # fmt: skip


def response(problem: Problem, path: str) -> HttpResponse:
    """As an HTTP response. Pure ASCII, so that no hostile character can break the error that names it."""
    body = json.dumps(document(problem, path), default=str)
    return HttpResponse(body, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)
