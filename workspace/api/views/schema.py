"""The OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import SpectacularAPIView


class Schema(SpectacularAPIView):
    """Every address, shape and enumeration, for anybody: it is in the repository too."""

    schema = None
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
