"""``python -m tests.server COMMAND``: runs it with one PostgreSQL server for all its processes, where none is set."""

import os
import signal
import subprocess
import sys
from contextlib import nullcontext

from workspace.embedded import postgres


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the server's files would stay
    with nullcontext() if os.environ.get("DATABASE_URL") else postgres.temporary() as server:
        urls = {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url} if server else {}
        return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
