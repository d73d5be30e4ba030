"""The contract that import-linter lacks: from outside, an app is entered by its doors only."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """Modules outside `apps` may import only `doors` of an app, e.g. `customers.selectors` or anything below it."""

    apps = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        entered = [
            (importer, imported)
            for app in self.apps  # type: ignore[attr-defined]
            for imported in graph.modules
            if imported.startswith(f"{app}.") and imported[len(app) + 1 :].split(".")[0] not in self.doors  # type: ignore[attr-defined]
            for importer in graph.find_modules_that_directly_import(imported)
            if not importer.startswith(f"{app}.")
        ]
        return ContractCheck(kept=not entered, metadata={"entered": sorted(entered)})

    def render_broken_contract(self, check: Any) -> None:
        for importer, imported in check.metadata["entered"]:
            output.print_error(f"{importer} imports {imported}, which is not a door")
