from typing import Any

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "workspace.pages"
    label = "pages"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        user_logged_out.connect(_signed_out, dispatch_uid="pages.signed_out")


def _signed_out(sender: object, request: Any = None, **_: Any) -> None:
    """Every process ends the streams of this session at once."""
    from workspace.live.work import signed_out_tell

    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        signed_out_tell(key)
