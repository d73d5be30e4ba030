"""What django-allauth asks of the house: who may come in, which roles they bring, and how its secrets are kept."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.shortcuts import render

from connectors.sdk.secrets import secret_resolve
from workspace.access.keys import fernet
from workspace.access.oidc import groups_of, roles_from
from workspace.permissions import roles_of

PROVIDER = "sso"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody makes an account by themselves, and signing in needs no message."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **more: Any
    ) -> None:
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **more)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second step are kept encrypted, under a key that is in no database."""

    def encrypt(self, text: str) -> str:
        return fernet("second step").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where it was written under another SECRET_KEY a random one, which no code fits."""
        try:
            return fernet("second step").decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One OpenID Connect provider, set in the environment. Its groups say which roles somebody has."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        found = settings.OIDC
        known = found["issuer"] and provider in (None, PROVIDER, "openid_connect")
        if not known or client_id not in (None, found["client_id"]):
            return []
        app = SocialApp(provider="openid_connect", provider_id=PROVIDER, name=found["name"])
        app.client_id = found["client_id"]
        app.secret = secret_resolve(found["secret"]) if found["secret"] else ""
        app.settings = {"server_url": found["issuer"], "oauth_pkce_enabled": True}
        return [app]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuses whom the provider gives no role here; else the account of the same verified e-mail is theirs."""
        if sociallogin.state.get("process") == "connect":
            # A link could else join whoever follows it to an account of somebody else's.
            raise ImmediateHttpResponse(refused(request, "Accounts are joined by their verified address alone."))
        roles = roles_from(groups_of(sociallogin.account.extra_data))
        if settings.OIDC["roles"] and not roles:
            raise ImmediateHttpResponse(refused(request, "Your groups give you no role here."))
        if not sociallogin.is_existing:
            known = _same_person(sociallogin)
            if known is not None:
                sociallogin.connect(request, known)
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(refused(request, "Your account here is switched off."))
            if "program" in roles_of(sociallogin.user):
                raise ImmediateHttpResponse(refused(request, "The account is a program’s, which signs in by a token."))
            roles_set(sociallogin.user, roles)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Who comes for the first time gets an account where their groups give them a role."""
        return bool(roles_from(groups_of(sociallogin.account.extra_data)))

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return self.is_open_for_signup(request, sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        user = super().save_user(request, sociallogin, form)
        roles_set(user, roles_from(groups_of(sociallogin.account.extra_data)))
        return user

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        said = "It was cancelled there." if str(error) == "cancelled" else "It did not confirm who you are."
        raise ImmediateHttpResponse(refused(request, said))


def _same_person(sociallogin: Any) -> Any:
    """A person's account with the e-mail address that the provider has verified; None for none and for several."""
    verified = [a.email for a in sociallogin.email_addresses if a.verified and a.email]
    if not verified:
        return None
    people = get_user_model().objects.filter(is_superuser=False).exclude(groups__name="program")
    found = list(people.filter(email__iexact=verified[0])[:2])
    return found[0] if len(found) == 1 else None


def roles_set(user: Any, roles: frozenset[str]) -> None:
    """Where groups are mapped to roles, the provider alone says who has which."""
    if settings.OIDC["roles"]:
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in sorted(roles)])


def refused(request: HttpRequest, why: str) -> Any:
    """The page that says why single sign-on did not lead in, and what to do."""
    return render(request, "access/refused.html", {"why": why, "name": settings.OIDC["name"]}, status=403)
