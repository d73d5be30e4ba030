"""Asking live sources, on bounded pools of their own."""

from connectors.host.services.gathering.asking import source_ask
from connectors.host.services.gathering.gathering import Gathering, gather, gather_now
from connectors.host.services.gathering.lanes import lane_states
from connectors.host.services.gathering.opening import connector_open

__all__ = ["Gathering", "connector_open", "gather", "gather_now", "lane_states", "source_ask"]
