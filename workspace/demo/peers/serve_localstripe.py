"""Runs inside localstripe's own environment: its API on loopback alone (its own command listens everywhere).

usage: python serve_localstripe.py PORT     what it holds is kept in the temporary folder (TMPDIR)
"""

# mypy: ignore-errors
import sys

from aiohttp import web
from localstripe.resources import store
from localstripe.server import app

store.try_load_from_disk()
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
