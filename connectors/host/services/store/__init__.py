"""Rows in and out of PostgreSQL for ``facts_record_all``: few statements, each for a whole batch.

Locks are taken in one order: records, refs, cursors, the clock. ``known`` reads and locks what is there,
``learning`` names refs and takes the clock, ``saving`` writes what was planned, ``tables`` puts rows into tables.
"""

from connectors.host.services.store.saving import *  # noqa: F403
