"""Reading what is new at a source, on its schedule."""

from connectors.host.services.polling.cursors import source_cursor_reset
from connectors.host.services.polling.polling import source_check, source_poll, source_poll_due
from connectors.host.services.polling.schedule import source_get, sources_due

__all__ = ["source_check", "source_cursor_reset", "source_get", "source_poll", "source_poll_due", "sources_due"]
