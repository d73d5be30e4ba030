"""What happens to rights. One verb, one function, one transaction."""

from workspace.access.services.tokens import token_end, token_make, token_user

__all__ = ["token_end", "token_make", "token_user"]
