"""What customers have told already, and what their words ask. Pure: words in, findings out."""

from cases.memory.refs import refs_in
from cases.memory.shapes import Pinned, Proposal, RefFound

__all__ = ["Pinned", "Proposal", "RefFound", "refs_in"]
