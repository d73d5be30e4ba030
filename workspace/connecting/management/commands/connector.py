"""``manage.py connector``: look at a connector, or a source, from a terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.host.errors import HostError
from connectors.sdk import SourceError
from connectors.sdk.forms import BadFields, option_arguments, options_given
from connectors.sdk.secrets import mask
from workspace.connecting import verbs
from workspace.connecting.opening import Target, Unnamed, target
from workspace.connecting.recorder import LeaksSecret
from workspace.connecting.verbs import Told, WrongUse

VERBS: dict[str, str] = {
    "list": "every connector that was found, and what is wrong with the others",
    "check": "do the settings work?",
    "try": "ask about one reference, and show what was sent beside what a rep would see",
    "record": "keep what the source answers as recordings, with people and secrets masked",
    "conform": "run the conformance suite over its recordings",
}
NOT_SETTINGS = ("json", "only", "into", "cursor")


class Command(BaseCommand):
    help = (
        "Look at a connector: list, check, try, record, conform. Name a source that is set up, or a connector with its "
        "settings as options. Exit status: 0 fine, 1 the connector or its source fails, 2 wrong use."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser draws the options of the settings once it knows whose."""
        parser = super().create_parser(prog_name, subcommand, formatter_class=argparse.RawTextHelpFormatter, **kwargs)
        plain: Callable[..., Any] = parser.parse_args
        drawn: list[bool] = []

        def parse_args(args: Sequence[str] | None = None, namespace: Any = None) -> Any:
            if not drawn:
                drawn.append(True)
                _settings_options(parser, list(args) if args is not None else sys.argv[2:])
            return plain(args, namespace)

        parser.parse_args = parse_args  # type: ignore[method-assign, assignment]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        about = "\n".join(f"{verb:8} {what}" for verb, what in VERBS.items())
        parser.add_argument("verb", choices=VERBS, metavar="verb", help=about)
        parser.add_argument("name", nargs="?", default="", help="a source that is set up, or a connector's slug")
        parser.add_argument("refs", nargs="*", metavar="scheme:value", help="try, record: what to ask about")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="conform: only these checks")
        parser.add_argument("--into", metavar="FOLDER", help="record: the connector's folder, where it is elsewhere")
        parser.add_argument("--cursor", help="record: also what is new since this cursor")
        parser.add_argument("--place", action="append", default=[], metavar="NAME=WHERE",
                            help="conform: e.g. database=postgres://…")  # fmt: skip

    def handle(self, *args: Any, verb: str, name: str, **options: Any) -> None:
        if verb != "list" and not name:
            raise CommandError(f"Say which: manage.py connector {verb} <source or connector>.", returncode=2)
        try:
            told = self._told(verb, name, options)
        except (WrongUse, Unnamed, BadFields, HostError) as error:
            raise CommandError(str(error), returncode=2) from None
        except SourceError as error:
            told = Told(False, mask(error.sentence), {"error": mask(error.sentence), "detail": mask(error.detail)})
        except LeaksSecret as error:
            told = Told(False, str(error), {"error": str(error)})
        self._say(told, bool(options["json"]))
        if not told.ok:
            raise SystemExit(1)

    def _told(self, verb: str, name: str, options: dict[str, Any]) -> Told:
        if verb == "list":
            return verbs.listed()
        if verb == "conform":
            return verbs.conformed(name, options["only"], dict(p.partition("=")[::2] for p in options["place"]),
                                   self._progress(options))  # fmt: skip
        found = target(name)
        found = target(name, options_given(options, found.cls.Settings))
        refs: list[str] = options["refs"]
        if verb == "check":
            return verbs.checked(found)
        if verb == "try":
            return verbs.tried(found, _one(refs))
        return verbs.recorded(found, refs, options["into"], options["cursor"])

    def _progress(self, options: dict[str, Any]) -> Callable[[str], None]:
        return (lambda line: None) if options["json"] else self.stdout.write

    def _say(self, told: Told, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"ok": told.ok, **told.data}, ensure_ascii=False, indent=2, default=str))
        else:
            (self.stdout if told.ok else self.stderr).write(told.text)


def _one(refs: list[str]) -> str:
    if len(refs) != 1:
        raise WrongUse("Give one reference to ask about, e.g. order:48-1193.")
    return refs[0]


def _settings_options(parser: CommandParser, args: list[str]) -> None:
    """The options of the connector that the arguments name, if they name one."""
    words = [one for one in args if not one.startswith("-")]
    if len(words) < 2 or words[0] not in ("check", "try", "record"):
        return
    try:
        found: Target = target(words[1])
    except Unnamed:
        return  # said when it is run
    option_arguments(parser, found.cls.Settings, NOT_SETTINGS)
