"""The connector's only way out: one HTTP session bound to one source."""

from __future__ import annotations

from typing import Any, Protocol


class Http(Protocol):
    """What ``self.http`` offers. Paths are joined to the base URL; path values are encoded by ``path``."""

    def get(self, path: str, params: Any = None, headers: dict[str, str] | None = None) -> Any:
        """A JSON document. Raises a SourceError: see connectors.sdk.errors."""
