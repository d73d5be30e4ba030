"""For tests of connectors: recorded answers over real HTTP, servers that misbehave on purpose, a proxy of faults."""

from connectors.sdk.testing.faults import Fault, FaultProxy
from connectors.sdk.testing.hostile import (
    bomb,
    cut_in_body,
    cut_in_headers,
    drip_body,
    drip_headers,
    endless,
    hang,
    html,
    in_turn,
    redirect,
)
from connectors.sdk.testing.replay import ReplayServer
from connectors.sdk.testing.server import Asked, Behaviour, Server, say

__all__ = [
    "Asked", "Behaviour", "Fault", "FaultProxy", "ReplayServer", "Server", "bomb", "cut_in_body", "cut_in_headers",
    "drip_body", "drip_headers", "endless", "hang", "html", "in_turn", "redirect", "say",
]  # fmt: skip
