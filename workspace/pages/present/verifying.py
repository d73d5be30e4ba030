"""How an asker can have been verified, in words."""

VERIFY_WAYS = (
    ("order_and_email", "Knew order number and e-mail"),
    ("signed_in", "Signed in to their account"),
    ("called_back", "Called back on the number we hold"),
    ("identity_document", "Showed an identity document"),
    ("other", "In another way"),
)
VERIFY_WORDS = dict(VERIFY_WAYS)
