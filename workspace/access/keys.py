"""Keys for what is kept or sent encrypted: derived from SECRET_KEY, which is in no database, one for each purpose."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def fernet(purpose: str) -> Fernet:
    """Encrypts and decrypts for one purpose."""
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"throughline {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(made.derive(settings.SECRET_KEY.encode())))
