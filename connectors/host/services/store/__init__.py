"""Rows in and out of PostgreSQL for ``facts_record_all``: few statements, each for a whole batch.

Locks are taken in one order: records, refs, cursors, the clock. ``known`` reads and locks what is there,
``learning`` names refs and takes the clock, ``saving`` makes rows of what was planned, ``tables`` puts them in.
"""
