"""Addresses of signing in, of one's own account, of access for a time, and of people. Of django-allauth only what is
named here is there. Every name stands in the table of ``workspace.permissions``."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from workspace.access.views import asking, people, sign
from workspace.pages.sources.urls import housed

to_sign_in = RedirectView.as_view(pattern_name="sign_in")
account_pages = [
    path("confirm/", account.ReauthenticateView.as_view(template_name="access/confirm.html"),
         name="account_reauthenticate"),
    path("confirm/code/", mfa.ReauthenticateView.as_view(template_name="access/confirm_code.html"),
         name="mfa_reauthenticate"),
    path("confirm/key/", keys.ReauthenticateWebAuthnView.as_view(template_name="access/confirm_key.html"),
         name="mfa_reauthenticate_webauthn"),
    path("password/", account.PasswordChangeView.as_view(template_name="access/password.html"),
         name="account_change_password"),
    path("two-step/", sign.TwoStep.as_view(), name="mfa_index"),
    path("two-step/app/", totp.ActivateTOTPView.as_view(template_name="access/app_add.html"), name="mfa_activate_totp"),
    path("two-step/app/remove/", totp.DeactivateTOTPView.as_view(template_name="access/app_remove.html"),
         name="mfa_deactivate_totp"),
    path("two-step/codes/", codes.ViewRecoveryCodesView.as_view(template_name="access/codes.html"),
         name="mfa_view_recovery_codes"),
    path("two-step/codes/new/", codes.GenerateRecoveryCodesView.as_view(template_name="access/codes_new.html"),
         name="mfa_generate_recovery_codes"),
    path("two-step/keys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("two-step/keys/add/", keys.AddWebAuthnView.as_view(template_name="access/key_add.html"),
         name="mfa_add_webauthn"),
    path("two-step/keys/<int:pk>/remove/", keys.RemoveWebAuthnView.as_view(template_name="access/key_remove.html"),
         name="mfa_remove_webauthn"),
    path("sessions/", housed(sign.Sessions.as_view()), name="usersessions_list"),
]  # fmt: skip
sign_pages = [
    path("sign-in/", sign.SignIn.as_view(), name="sign_in"),
    path("sign-in/", sign.SignIn.as_view(), name="account_login"),
    path("sign-out/", sign.SignOut.as_view(), name="sign_out"),
    path("sign-out/", sign.SignOut.as_view(), name="account_logout"),
    path("sign-in/second-step/", mfa.AuthenticateView.as_view(template_name="access/second_step.html"),
         name="mfa_authenticate"),
    path("sign-in/passkey/", keys.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/off/", account.AccountInactiveView.as_view(template_name="access/off.html"), name="account_inactive"),
    path("sign-in/with/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-in/cancelled/", to_sign_in, name="socialaccount_login_cancelled"),
    path("sign-in/failed/", to_sign_in, name="socialaccount_login_error"),
    path("sign-in/no-account/", to_sign_in, name="socialaccount_signup"),
    re_path(r"^sign-in/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            account.PasswordResetFromKeyView.as_view(template_name="access/password_set.html"),
            name="account_reset_password_from_key"),
    path("sign-in/password/done/", to_sign_in, name="account_reset_password_from_key_done"),
]  # fmt: skip
access_pages = [
    path("access/", housed(asking.access), name="access"),
    path("access/ask/", asking.ask, name="access_ask"),
    path("access/log/", housed(asking.log), name="access_log"),
    path("access/<int:id>/decide/", asking.decide, name="access_decide"),
    path("access/<int:id>/end/", asking.end, name="access_end"),
]
people_pages = [
    path("administration/people/", housed(people.people), name="people"),
    path("administration/people/add/", people.add, name="people_add"),
    path("administration/people/<str:username>/", housed(people.one), name="people_one"),
    path("administration/people/<str:username>/change/", people.change, name="people_change"),
    path("administration/people/<str:username>/link/", people.link, name="people_link"),
    path("administration/people/<str:username>/tokens/", people.token, name="people_token"),
    path("administration/people/<str:username>/tokens/<int:id>/end/", people.token_end, name="people_token_end"),
]
urlpatterns = [*sign_pages, path("account/", include(account_pages)), *access_pages, *people_pages]
