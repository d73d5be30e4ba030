"""What customers have told already, and what their words ask. Pure: words and events in, findings out.

Asking again (``cases.memory.asking``) and pins (``cases.memory.pins``) are imported by their own names: they stand
above the views, and the rest below.
"""

from cases.memory.reading import told_in
from cases.memory.refs import refs_in
from cases.memory.shapes import Pinned, Proposal, RefFound

__all__ = ["Pinned", "Proposal", "RefFound", "refs_in", "told_in"]
