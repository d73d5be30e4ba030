"""Every version of what sources said about some refs: what a replay steps through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connectors.host.selectors.facts import facts_select
from connectors.host.selectors.refs import ref_ids
from connectors.host.views import FactView
from connectors.sdk import Ref

_LEARNED = """
f.id IN (SELECT fr.fact_id FROM host_factref fr WHERE fr.ref_id = ANY(%(refs)s)) AND f.learned_at <= %(until)s
ORDER BY f.learned_at, f.id
"""


def facts_learned(*, refs: Iterable[Ref], until: datetime) -> list[FactView]:
    """Every fact version about any of these refs that was learned by ``until``, current or not, oldest first."""
    return facts_select(_LEARNED, {"refs": list(ref_ids(list(refs))), "until": until})
