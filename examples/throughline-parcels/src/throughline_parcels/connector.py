"""A parcel carrier: what was sent, what arrived, and what went wrong on its way."""

from pydantic import Field

from connectors import sdk
from connectors.sdk import Connector, Fact, Found, Missing, Ref, Row, times

KINDS = {"SENT": "shipment.dispatched", "DELIVERED": "shipment.delivered", "TROUBLE": "shipment.exception"}


class Settings(sdk.Settings):
    key: str = Field(description="The carrier's key, as a reference: env:PARCELS_KEY")


class Parcels(Connector):
    title, domain = "Parcels", "delivery"
    Settings = Settings
    accepts = ("order",)
    covers = {"order": tuple(KINDS.values())}

    @classmethod
    def headers(cls, settings):
        return {"X-Api-Key": settings.key}

    def check(self):
        self.http.get("/account")
        return "The carrier answers and takes the key."

    def lookup(self, refs):
        for ref in refs:
            try:
                pages = list(self.http.pages("/parcels", {"order": ref.value}, lambda page: page["next"]))
                yield Found(ref, [Row("parcel", sent["tracking"], sent) for page in pages for sent in page["parcels"]])
            except Missing:
                yield Found(ref)

    def read(self, row):
        refs = [Ref("order", row.body["order"]), Ref("tracking", row.body["tracking"])]
        for event in row.body["events"]:
            trouble = {"reason": event["note"]} if event["what"] == "TROUBLE" else {"carrier": "Parcels"}
            yield Fact(KINDS[event["what"]], trouble, refs, times.instant(event["at"], self.zone))
