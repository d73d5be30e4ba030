"""Lines of the log. An exception of a connector may carry a key of its source: no line shows one."""

from __future__ import annotations

import logging

from connectors.sdk.secrets import mask


class Masked(logging.Formatter):
    """Blanks out every secret that this process has resolved, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))
