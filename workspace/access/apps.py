from django.apps import AppConfig

ASKED = ("asker_id", "case_id", "minutes", "asked_at")
DECIDED = ("decided_at", "decided_by_id", "granted", "until")
ENDED = ("ended_at", "ended_by_id")


class AccessConfig(AppConfig):
    name = "workspace.access"
    label = "access"
    verbose_name = "Rights and sign-in"

    def ready(self) -> None:
        """Who was granted what is part of the ledger. Why stands in the look that records it."""
        from cases.selectors.ledger import kind_enter
        from connectors.host.services.digests import Kind, by_day

        table = "access_accessgrant"
        for name, title, one, columns in (
            ("grants", "askings for access", "The asking for access", (*ASKED, "classes::text")),
            ("grants_decided", "decisions on access", "The decision on access", DECIDED),
            ("grants_ended", "ends of granted access", "The end of granted access", ENDED),
        ):
            fixed = tuple(column.removesuffix("::text") for column in columns)
            at = next(column for column in columns if column.endswith("_at"))
            kind_enter(Kind(name, title, one, (table,), by_day(table, at, columns), fixed, at=at))
