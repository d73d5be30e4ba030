"""The tables of docs/access.md, made from the code: ``python -m tests.access.reference docs/access.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ORDER = ("rep", "lead", "supervisor", "integrator", "administrator", "auditor", "program")


def fields() -> str:
    from connectors.sdk.personal import CLASSES
    from workspace.access.fields import CLASS_WORDS, TABLE

    rows = [f"| {c} ({CLASS_WORDS[c]}) | " + " | ".join(TABLE[role][c] for role in ORDER) + " |" for c in CLASSES]
    return "\n".join([f"| class | {' | '.join(ORDER)} |", "|---|" + "---|" * len(ORDER), *rows])


def routes() -> str:
    from workspace.rights import ACCOUNT, ANYBODY, PROOFS, READ_ONLY, SCOPES, TABLE

    def cell(route: str, role: str) -> str:
        if TABLE[route] == ANYBODY:
            return "•"
        reads = role in READ_ONLY and route not in ACCOUNT | PROOFS
        return "" if role not in TABLE[route] else "read" if reads else "•"

    def scopes(route: str) -> str:
        return ", ".join(scope for scope in SCOPES if route in SCOPES[scope])

    rows = [
        f"| `{route}` | {' | '.join(cell(route, role) for role in ORDER)} | {scopes(route)} |"
        for route in sorted(TABLE)
    ]
    return "\n".join([f"| route | {' | '.join(ORDER)} | scopes |", "|---|" + "---|" * (len(ORDER) + 1), *rows])


def main(path: Path) -> None:
    text = path.read_text()
    for name, table in (("fields", fields()), ("routes", routes())):
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = place.sub(lambda m, t=table: f"{m[1]}{t}\n{m[2]}", text)
    path.write_text(text)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")
    import django

    django.setup()
    main(Path(sys.argv[1]))
