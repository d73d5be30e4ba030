"""Reading letters: bytes in, plain shapes out. Pure; nothing here raises for what somebody sent."""

from cases.mail.digesting import content_digest, message_id_of
from cases.mail.reading import letter_read
from cases.mail.shapes import Attached, Bounce, Letter

__all__ = ["Attached", "Bounce", "Letter", "content_digest", "letter_read", "message_id_of"]
