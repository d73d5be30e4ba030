"""How an asker can have been verified, in words."""

from cases.selectors import VERIFIED

VERIFY_WAYS = tuple(VERIFIED.items())
VERIFY_WORDS = VERIFIED
