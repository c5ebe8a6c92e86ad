"""A real OpenID Connect provider in a process of its own: ``provider.py FOLDER CALLBACK`` prints its port.

It is django-oauth-toolkit: other code of the protocol than what the program signs in with. People of it:
``anna`` and ``stranger`` with verified addresses, ``thief`` who claims anna's without proof, ``number``
whom only a coordinator can know. Everybody's password is ``password``.
"""

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

CLIENT, SECRET, PASSWORD = "opora-tests", "a-secret-of-the-tests", "password"
PEOPLE = {
    "anna": ("anna@example.org", True),
    "stranger": ("unknown@example.org", True),
    "thief": ("anna@example.org", False),
    "number": ("", False),
}
LOGIN = (
    "<form method=post>{% csrf_token %}<label>Login {{ form.username }}</label>"
    "<label>Password {{ form.password }}</label><button>Come in</button></form>"
)


def configure(folder: Path, issuer: str) -> None:
    """Set the framework up for a provider and nothing else."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings.configure(
        SECRET_KEY="of the provider",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"registration/login.html": LOGIN},
                        )
                    ],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SESSION_COOKIE_NAME="provider_session",  # cookies know no ports
        CSRF_COOKIE_NAME="provider_csrf",
        LOGIN_URL="/login/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.decode(),
            "OIDC_ISS_ENDPOINT": issuer,
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "who you are", "email": "your address"},
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
        },
    )


def prepare(callback: str) -> None:
    """Make the tables, the people and the one client."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from oauth2_provider.models import get_application_model

    call_command("migrate", verbosity=0)
    for name, (email, is_verified) in PEOPLE.items():
        get_user_model().objects.create_user(name, email, PASSWORD, is_staff=is_verified)
    get_application_model().objects.create(
        name="Opora",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=callback,
        algorithm="RS256",
        skip_authorization=True,
    )


def __getattr__(name: str):
    """Make what needs the framework only once it is set up."""
    if name == "validator":
        from oauth2_provider.oauth2_validators import OAuth2Validator

        class Claims(OAuth2Validator):
            """Tells who somebody is."""

            oidc_claim_scope = None

            def get_additional_claims(self, request):
                return {
                    "email": request.user.email,
                    "email_verified": request.user.is_staff,
                    "oid": f"oid-{request.user.username}",
                }

        return Claims
    if name == "urlpatterns":
        from django.contrib.auth.views import LoginView
        from django.urls import include, path

        return [path("login/", LoginView.as_view()), path("o/", include("oauth2_provider.urls"))]
    raise AttributeError(name)


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def main(folder: str, callback: str) -> None:
    """Serve on a free port until the end of the test."""
    server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
    configure(Path(folder), f"http://127.0.0.1:{server.server_port}/o")
    import django
    from django.core.wsgi import get_wsgi_application

    django.setup()
    prepare(callback)
    server.set_app(get_wsgi_application())
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.modules["provider"] = sys.modules["__main__"]
    __name__ = "provider"
    main(*sys.argv[1:])
