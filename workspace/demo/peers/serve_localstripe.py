"""Runs inside localstripe's own environment: its API on loopback alone (its own command listens everywhere).

usage: python serve_localstripe.py PORT     what it holds is kept in the folder in which it runs

Its own way keeps that in one file for the whole machine, of which half is written where it is stopped at a bad moment.
"""

# mypy: ignore-errors
import pickle
import sys
from pathlib import Path

from aiohttp import web
from localstripe.resources import store
from localstripe.server import app

KEPT = Path.cwd() / "localstripe.pickle"


def keep(self) -> None:
    fresh = KEPT.with_suffix(".new")
    fresh.write_bytes(pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL))
    fresh.replace(KEPT)


type(store).dump_to_disk = keep
if KEPT.exists():
    store.update(pickle.loads(KEPT.read_bytes()))
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
