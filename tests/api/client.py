"""A program that calls the API and believes its OpenAPI document: every answer is held against it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from django.test import Client

SNAPSHOT = Path(__file__).parents[2] / "workspace/api/openapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The snapshot, made strict: what a shape does not declare is a fault."""
    found = yaml.load(SNAPSHOT.read_text(), Loader=yaml.CSafeLoader)
    for shape in found["components"]["schemas"].values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return found


@dataclass(frozen=True)
class Reply:
    """What came back. ``reply["x"]`` reads the JSON body."""

    status: int
    body: Any
    headers: Any

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Caller:
    """``Caller(token).get("cases/")``; paths are relative to /api/v1/ unless they begin with a slash."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=False, headers=headers)
        self.headers = {"Authorization": f"Token {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Reply:
        return self.send("GET", path, query=query)

    def post(self, path: str, body: Any = None, key: str = "", **more: Any) -> Reply:
        headers = {"Idempotency-Key": key} if key else {}
        return self.send("POST", path, json.dumps(body if body is not None else {}), headers=headers, **more)

    def send(
        self, method: str, path: str, body: str | bytes = "", *, query: Any = None, headers: Any = None,
        kind: str = "application/json",
    ) -> Reply:  # fmt: skip
        where = path if path.startswith("/") else f"/api/v1/{path}"
        got = self.client.generic(
            method,
            where,
            body,
            content_type=kind,
            headers={**self.headers, **(headers or {})},
            query_params=query or {},
        )
        found = json.loads(got.content) if "json" in got.get("Content-Type", "") else got.content
        reply = Reply(got.status_code, found, got.headers)
        hold(method, where, reply)
        return reply


def hold(method: str, path: str, reply: Reply) -> None:
    """The reply is what the document says there, or a whole problem document."""
    declared = operation(method, path)
    if reply.status >= 400:
        assert reply.headers["Content-Type"] == "application/problem+json", (reply.status, reply.body)
        assert reply["status"] == reply.status and reply["detail"] and "instance" in reply.body
        shape = "AnswerChanged" if {"answer", "findings", "replies"} & set(reply.body) else "Problem"
        validate({"$ref": f"#/components/schemas/{shape}"}, reply.body)
    elif declared and str(reply.status) in declared["responses"]:
        validate(declared["responses"][str(reply.status)]["content"]["application/json"]["schema"], reply.body)
    else:
        assert reply.status < 300 and method in ("OPTIONS", "HEAD"), f"{method} {path}: {reply.status} is not declared"


def operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path.partition("?")[0]):
            return operations.get(method.lower())
    return None


def validate(shape: dict[str, Any], body: Any) -> None:
    whole = {**shape, "components": document()["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(body)
