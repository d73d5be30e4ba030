"""What every view of the API shares: who may, what may be sent, and that a keyed write is done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from cases.services import Actor
from workspace.access.answers import masked_answer
from workspace.access.written import mask_sent, said
from workspace.api.auth import Rate, Token, actor
from workspace.api.idempotency import once
from workspace.api.problems import Problem
from workspace.api.reading import StrictJson, parameters
from workspace.permissions import RolePermission

AS_OF = "what was known at this instant (default: what is known now)"
UTF8 = ("", "utf-8", "utf8", "us-ascii")


class ApiView(APIView):
    """``params`` names what a GET takes in its address; writes take nothing there."""

    authentication_classes = [Token, SessionAuthentication]
    permission_classes = [RolePermission]
    throttle_classes = [Rate]
    renderer_classes = [JSONRenderer]
    parser_classes = [StrictJson]
    params: ClassVar[Mapping[str, str]] = {}
    query: dict[str, str]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Whatever charset a client names, addresses are UTF-8; bodies are checked below.
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        reads = request.method in ("GET", "HEAD")
        charset = (request._request.content_params or {}).get("charset", "").lower()
        if not reads and charset not in UTF8:
            raise Problem("bad-media-type", "Only UTF-8 is read. Send 'Content-Type: application/json' in UTF-8.")
        if hasattr(self, str(request.method).lower()):
            self.query = parameters(request, self.params if reads else {})
            if not reads:
                self._no_mask(request)

    def _no_mask(self, request: Request) -> None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        if mask := mask_sent(request.data, request.user, route, self.kwargs.get("reference")):
            raise Problem("bad-input", said(mask))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished = super().finalize_response(request, response, *args, **kwargs)
        masked_answer(request, finished, self.kwargs)
        # What customers said and were paid belongs in no cache on the way.
        finished.headers.setdefault("Cache-Control", "no-store")
        return finished

    @property
    def actor(self) -> Actor:
        return actor(self.request.user)

    def once(self, act: Callable[[], Response]) -> Response:
        """Do a write, or give the answer it had under the same Idempotency-Key."""
        return once(self.request, act)

    def given(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """The body, checked against its shape. Raises DRF's ValidationError."""
        found = shape(data=self.request.data)
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)
