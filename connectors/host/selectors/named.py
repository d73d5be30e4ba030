"""Ids of sources by their names, for questions about one source.

Asked by its id, PostgreSQL knows how much of a table is this source's and goes along an index; asked by a name that it
has to look up first, it does not.
"""

from __future__ import annotations

from connectors.host.models import Source


def source_pk(name: str) -> int:
    """0 where there is no such source."""
    return Source.objects.filter(name=name).values_list("pk", flat=True).first() or 0
