import logging
from typing import Any

from django.apps import AppConfig

log = logging.getLogger(__name__)


class CustomersConfig(AppConfig):
    name = "customers"
    label = "customers"

    def ready(self) -> None:
        from connectors.host.signals import facts_recorded

        facts_recorded.connect(_news, dispatch_uid="customers.news")


def _news(sender: object, ref_ids: list[int], **_: Any) -> None:
    """What sources say is stored already and must not fail for what we make of it."""
    from customers.services import customers_learn

    try:
        customers_learn(ref_ids=ref_ids)
    except Exception:
        log.exception("People named by %s references were not recognised", len(ref_ids))
