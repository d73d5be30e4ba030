"""A process that digests or verifies everything and prints its memory in MiB: ``python -m tests.bench.prove seal``."""

import os
import resource
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")
os.environ["DEBUG"] = ""  # Django keeps what it asked of the database where it debugs

import django  # noqa: E402

django.setup()

from datetime import UTC, datetime  # noqa: E402

from cases.selectors.ledger import ledger_verify  # noqa: E402
from cases.selectors.ledger.kinds import KINDS  # noqa: E402
from connectors.host.services.digests import digest_seal  # noqa: E402


def main(verb: str) -> None:
    if verb == "seal":
        now = datetime.now(UTC)
        assert all(digest_seal(kind=kind, day=now.date(), until=now, made_at=now) for kind in KINDS)
    else:
        assert ledger_verify().intact
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**10)


if __name__ == "__main__":
    main(sys.argv[1])
