"""``manage.py demo``: everything on this machine, one URL at the end, nothing left behind when it stops."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspace import embedded, processes
from workspace.demo.run import Demo
from workspace.env import env
from workspace.supervisor import NotReady, Supervisor


class Command(BaseCommand):
    help = "Runs Throughline with four demo systems on this machine. PORT moves it; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        words = "with third-party programs: Tryton as the warehouse, localstripe as finance"
        parser.add_argument("--peers", action="store_true", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        port = env().port
        if not processes.port_is_free(port):
            raise CommandError(
                f"Port {port} is taken. Use another: PORT={port + 1 if port < 65535 else 8123} make demo"
            )
        try:
            with ExitStack() as stack:
                supervisor = stack.enter_context(Supervisor())
                servers = stack.enter_context(embedded.running(env().var_dir, os.environ))
                stack.callback(supervisor.stop_all)
                demo_class(options["peers"])(supervisor, servers, port).run()
                code = supervisor.wait()
        except (embedded.EmbeddedError, NotReady, OSError) as error:
            raise CommandError(str(error)) from None
        except subprocess.CalledProcessError:
            raise CommandError("The demo could not be prepared; what went wrong stands above.") from None
        sys.exit(code)


def demo_class(peers: bool) -> type[Demo]:
    """The demo with its own systems, or with the peers: they name theirs in ``workspace.demo.peers.demo``."""
    if not peers:
        return Demo
    try:
        module = import_module("workspace.demo.peers.demo")
    except ModuleNotFoundError:
        raise CommandError("This checkout has no demo with third-party programs.") from None
    found: type[Demo] = module.PeersDemo
    return found
