"""How views describe themselves to OpenAPI: one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from workspace.api import vocabulary as words
from workspace.api.idempotency import HEADER
from workspace.api.problems import MEDIA_TYPE
from workspace.api.schemas import AnswerChangedOut, ProblemOut, Shape

F = TypeVar("F", bound=Callable[..., Any])
KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="The same key with the same body is done once, for 24 hours."
)


def reads(name: str, about: str, gives: Shape, params: Mapping[str, str] = {}, enums: Mapping[str, Any] = {}) -> Any:
    """A GET."""
    return extend_schema(
        operation_id=name, summary=about, tags=[name.split("_")[0]],
        parameters=[_param(n, d, enums.get(n)) for n, d in params.items()],
        responses={200: gives, **problems_of()},
    )  # fmt: skip


def writes(name: str, about: str, takes: Shape | None, gives: Shape, status: int = 200, changed: bool = False) -> Any:
    """A write. ``takes`` is None where it takes no body."""
    problems = problems_of({409: AnswerChangedOut} if changed else {})
    return extend_schema(
        operation_id=name, summary=about, tags=[name.split("_")[0]], parameters=[KEY], request=takes,
        responses={status: gives, **problems},
    )  # fmt: skip


def _param(name: str, about: str, enum: Iterable[str] | None) -> OpenApiParameter:
    kind: Any = {"wait": float, "limit": int}.get(name, str)
    return OpenApiParameter(name, kind, description=about, enum=list(enum) if enum else None)


def problems_of(special: Mapping[int, Shape] = {}) -> dict[Any, Any]:
    """Every error is a problem document; a few carry more."""
    found: dict[Any, Any] = {(status, MEDIA_TYPE): OpenApiResponse(shape) for status, shape in special.items()}
    found["default", MEDIA_TYPE] = OpenApiResponse(ProblemOut, "Any error")
    return found


def whole(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Adds to the document what no view declares: the stream, and kinds as enumerations of their own."""
    shapes = result["components"]["schemas"]
    shapes["FactKind"] = {"type": "string", "enum": list(words.FACT_KINDS)}
    shapes["EventKind"] = {"type": "string", "enum": list(words.EVENT_KINDS)}
    result["components"]["schemas"] = dict(sorted(shapes.items()))
    case = result["paths"]["/api/v1/cases/{reference}/"]["get"]
    result["paths"]["/api/v1/cases/{reference}/stream"] = {
        "get": {
            "operationId": "cases_stream", "summary": "Hear that a case has changed", "tags": ["cases"],
            "description": "Server-sent events: names only, never content. Read the case again when one comes.",
            "parameters": [p for p in case["parameters"] if p["in"] == "path"], "security": case["security"],
            "responses": {
                "200": {"description": "", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
                "default": case["responses"]["default"],
            },
        }
    }  # fmt: skip
    result["paths"] = dict(sorted(result["paths"].items()))
    return result
