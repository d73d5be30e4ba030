"""A source that is only ever told: programs push its facts as CloudEvents, to the API or signed to its own door."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from connectors.sdk import Connector, Delivery, Fact, Row, StandardWebhooks, Undone
from connectors.sdk import Settings as BaseSettings
from connectors.sdk.cloudevents import event_row, event_said, events_read


class Settings(BaseSettings):
    base_url: str = Field("https://push.invalid", description="Not used: nobody is asked. Leave it as it is")


class Push(Connector):
    title = "Pushed facts"
    domain = "messages"
    Settings = Settings
    signature = StandardWebhooks()
    takes_events = True
    orders_versions = True

    def check(self) -> str:
        return "Nothing is asked. Push facts to /api/v1/facts/, or signed to /in/ and the source's name."

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        for event in events_read(delivery.headers, delivery.body):
            yield event_row(event)

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        yield event_said(row.body)
