from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    label = "cases"

    def ready(self) -> None:
        from connectors.host.signals import facts_recorded

        facts_recorded.connect(_news, dispatch_uid="cases.news")


def _news(sender: object, ref_ids: list[int], confirmed: Sequence[int] = (), **_: Any) -> None:
    from cases.services import cases_news

    cases_news(ref_ids, confirmed=confirmed)
