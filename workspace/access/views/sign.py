"""Signing in and out, and the list of one's sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView
from django.http import HttpResponse
from django.shortcuts import redirect

from workspace.access.adapters import PROVIDER
from workspace.access.selectors import browser_words
from workspace.live.work import signed_out_tell
from workspace.permissions import lacks_second_step


class SignIn(LoginView):  # type: ignore[misc]
    template_name = "pages/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        single = {"name": settings.OIDC["name"], "id": PROVIDER} if settings.OIDC["issuer"] else None
        return {**super().get_context_data(**kwargs), "single": single}


class SignOut(LogoutView):
    next_page = "sign_in"


class TwoStep(IndexView):  # type: ignore[misc]
    """How I sign in: app, passkeys, recovery codes, password, sessions."""

    template_name = "access/two_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        must = lacks_second_step(self.request.user, self.request.session)
        return {**super().get_context_data(**kwargs), "must_step": must}


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Where I am signed in. Ending a session also closes its live pages."""

    template_name = "access/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "named": [(session, browser_words(session.user_agent)) for session in found["sessions"]]}

    def form_valid(self, form: Any) -> HttpResponse:
        mine = UserSession.objects.filter(user=self.request.user)
        here = self.request.session.session_key
        chosen = self.request.POST.get("session", "")
        others = mine.exclude(session_key=here)
        ending = others.filter(pk=chosen) if chosen.isascii() and chosen.isdigit() else others
        for session in ending:
            session.end()
            signed_out_tell(session.session_key)
        messages.success(self.request, "Signed out there." if chosen else "Signed out everywhere else.")
        return redirect("usersessions_list")
