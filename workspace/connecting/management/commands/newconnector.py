"""``manage.py newconnector``: a folder that works, and passes the suite, before a line of it is changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors import contrib
from workspace.connecting.scaffold import DOMAINS, BadConnector, Wanted, folder_make

BUNDLED = Path(next(iter(contrib.__path__)))


class Command(BaseCommand):
    help = (
        "Make the folder of a new connector: code or manifest, README, ledger and a first recording. On a terminal it "
        "asks for what is not given. Nothing is ever overwritten."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="its name in code, e.g. acme_wms")
        parser.add_argument("--title", help="its name for people, e.g. 'Acme warehouse'")
        parser.add_argument("--domain", help=f"what it knows about: {', '.join(DOMAINS)}, or a word of your own")
        parser.add_argument("--schemes", help="what it can be asked about, e.g. return,order")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--python", action="store_true", help="connector.py (this is what you get)")
        how.add_argument("--toml", action="store_true", help="connector.toml: no code, for ordinary REST")
        parser.add_argument("--into", type=Path, default=BUNDLED, help="where the folder goes (connectors/contrib)")
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        asks = sys.stdin.isatty() and not options["json"]
        slug = options["slug"] or (self._ask("Slug (small letters, e.g. acme_wms)", "") if asks else "")
        if not slug:
            raise CommandError("Give the connector a slug: manage.py newconnector acme_wms.", returncode=2)
        title, domain, schemes = options["title"], options["domain"], options["schemes"]
        toml = bool(options["toml"])
        if asks and not options["slug"]:
            title = title or self._ask("Title", slug.replace("_", " ").capitalize())
            domain = domain or self._ask(f"Domain ({', '.join(DOMAINS)})", "order")
            schemes = schemes or self._ask("Asked about (order, return, payment, email …)", "")
            toml = toml or (not options["python"] and self._ask("Python or TOML", "python").lower().startswith("t"))
        try:
            wanted = Wanted(slug, title or "", domain or "order", _parts(schemes), toml)
            folder = folder_make(wanted, options["into"])
        except BadConnector as error:
            raise CommandError(str(error), returncode=2) from None
        self._say(wanted, folder, options["json"])

    def _ask(self, what: str, default: str) -> str:
        self.stdout.write(f"{what}{f' [{default}]' if default else ''}: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip() or default

    def _say(self, wanted: Wanted, folder: Path, as_json: bool) -> None:
        code = folder / ("connector.toml" if wanted.toml else "connector.py")
        found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        if as_json:
            self.stdout.write(json.dumps({"slug": wanted.slug, "folder": str(folder), "files": found}, indent=2))
            return
        named = wanted.slug if folder.parent == BUNDLED else folder
        ref, key = f"{wanted.asked[0]}:1001", f"env:SOURCE_{wanted.slug.upper()}_KEY"
        self.stdout.write(f"Made {folder} with {', '.join(found)}. It works against its first recording:\n")
        self.stdout.write(f"  manage.py connector conform {named}")
        self.stdout.write(f"\nNow change {code.name} to what your system sends, and look at both sides:\n")
        self.stdout.write(f"  manage.py connector try {wanted.slug} {ref} --base-url https://… --key {key}")
        self.stdout.write(f"  manage.py connector record {wanted.slug} {ref} --base-url https://… --key {key}")
        self.stdout.write(
            "An address inside your own network needs --internal too. README.md says what else is yours to fill in."
        )
        if folder.parent != BUNDLED:
            self.stdout.write(
                "\nOutside connectors/contrib it is found by an entry point of its package, in pyproject.toml:\n\n"
                f'  [project.entry-points."throughline.connectors"]\n  {wanted.slug} = "your_package.connector:'
                f'{"connector" if wanted.toml else "".join(p.capitalize() for p in wanted.slug.split("_"))}"'
            )


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
