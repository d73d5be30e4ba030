"""What happens to rights. One verb, one function, one transaction."""

from workspace.access.services.grants import MINUTES, access_ask, access_decide, access_end
from workspace.access.services.people import person_add, person_link, person_on, person_roles
from workspace.access.services.tokens import token_end, token_make, token_user

__all__ = [
    "MINUTES", "access_ask", "access_decide", "access_end", "person_add", "person_link", "person_on", "person_roles",
    "token_end", "token_make", "token_user",
]  # fmt: skip
