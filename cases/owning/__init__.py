"""Who answers for a case: packets of a handover, working hours, fair choices. Pure: no clock, no database."""

from cases.owning.packet import Packet, packet_of

__all__ = ["Packet", "packet_of"]
