"""How many examples a property is held to: few in every run, more where there is time (`make test-properties`)."""

import os

TIMES = int(os.environ.get("TIMES", "1"))


def examples(few: int) -> int:
    return few * TIMES
