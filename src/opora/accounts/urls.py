"""Addresses of accounts: one table, with our names and with those by which allauth looks for its pages."""

from django.urls import path

from opora.accounts.middleware import open_before_second_factor as early
from opora.accounts.views import entrance, outside, passkeys, reset, security

# Address, view, our name, allauth's names.
ROUTES: tuple[tuple[str, object, str, tuple[str, ...]], ...] = (
    ("sign-in/", entrance.SignIn.as_view(), "sign_in", ("account_login",)),
    ("sign-in/code/", entrance.SecondStep.as_view(), "code", ("mfa_authenticate",)),
    ("sign-in/passkey/", entrance.PasskeySignIn.as_view(), "passkey", ("mfa_login_webauthn",)),
    (
        "sign-in/refused/",
        outside.refused,
        "outside_refused",
        (
            "account_inactive",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
    ),
    ("sign-in/with/<slug:provider_id>/", outside.begin, "outside", ("openid_connect_login",)),
    ("sign-in/with/<slug:provider_id>/back/", outside.end, "outside_back", ("openid_connect_callback",)),
    ("sign-out/", entrance.SignOut.as_view(), "sign_out", ("account_logout",)),
    ("password/forgotten/", reset.Reset.as_view(), "reset", ("account_reset_password",)),
    ("password/sent/", reset.reset_sent, "reset_sent", ("account_reset_password_done",)),
    (
        "password/set/",
        reset.new_password_set,
        "new_password_set",
        ("account_reset_password_from_key_done",),
    ),
    (
        "password/new/<slug:uidb36>/<slug:key>/",
        reset.NewPassword.as_view(),
        "new_password",
        ("account_reset_password_from_key",),
    ),
    (
        "security/",
        early(security.security),
        "security",
        ("mfa_index", "usersessions_list", "mfa_list_webauthn", "socialaccount_connections"),
    ),
    ("security/sessions/end/", security.end_others, "end_others", ()),
    ("security/password/", security.Password.as_view(), "password", ("account_change_password",)),
    (
        "security/password/first/",
        security.FirstPassword.as_view(),
        "first_password",
        ("account_set_password",),
    ),
    (
        "security/confirm/",
        early(security.ConfirmByPassword.as_view()),
        "confirm",
        ("account_reauthenticate",),
    ),
    (
        "security/confirm/code/",
        early(security.ConfirmByCode.as_view()),
        "confirm_code",
        ("mfa_reauthenticate",),
    ),
    (
        "security/confirm/passkey/",
        early(security.ConfirmByPasskey.as_view()),
        "confirm_passkey",
        ("mfa_reauthenticate_webauthn",),
    ),
    (
        "security/one-time-codes/",
        early(security.OneTimeCodes.as_view()),
        "one_time_codes",
        ("mfa_activate_totp",),
    ),
    (
        "security/one-time-codes/remove/",
        security.NoOneTimeCodes.as_view(),
        "no_one_time_codes",
        ("mfa_deactivate_totp",),
    ),
    (
        "security/recovery-codes/",
        security.RecoveryCodes.as_view(),
        "recovery_codes",
        ("mfa_view_recovery_codes",),
    ),
    (
        "security/recovery-codes/new/",
        security.NewRecoveryCodes.as_view(),
        "new_recovery_codes",
        ("mfa_generate_recovery_codes",),
    ),
    (
        "security/passkeys/add/",
        early(passkeys.AddPasskey.as_view()),
        "add_passkey",
        ("mfa_add_webauthn",),
    ),
    (
        "security/passkeys/<int:pk>/name/",
        passkeys.RenamePasskey.as_view(),
        "rename_passkey",
        ("mfa_edit_webauthn",),
    ),
    (
        "security/passkeys/<int:pk>/remove/",
        passkeys.RemovePasskey.as_view(),
        "remove_passkey",
        ("mfa_remove_webauthn",),
    ),
    ("language/", entrance.language, "language", ()),
    ("healthz", entrance.health, "health", ()),
)

app_name = "accounts"
urlpatterns = [path(address, view, name=name) for address, view, name, _theirs in ROUTES]  # type: ignore[call-overload]
