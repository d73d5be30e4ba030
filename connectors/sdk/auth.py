"""How a connector proves who asks: what is added to every request, and what to do once it no longer holds."""

from __future__ import annotations

from collections.abc import Mapping


class Auth:
    """Subclass it where fixed ``headers`` are not enough. The host keeps one object per source and settings in each
    process, so it may cache a token; threads share it. What it adds is masked wherever it could be shown."""

    def headers(self) -> Mapping[str, str]:
        """Headers for the next request."""
        return {}

    def params(self) -> Mapping[str, str]:
        """Query parameters for the next request."""
        return {}

    def refresh(self) -> bool:
        """The source answered 401. True where the request may be sent once more, with what is new now."""
        return False
