"""Settings of the program; what differs between places comes from the environment."""

import os
from pathlib import Path

from opora.config.environment import data_folder, database, private_folder, secret_key
from opora.config.letters import letters
from opora.config.logs import logs
from opora.config.outside_sign_in import origins, providers

ROOT = Path(__file__).resolve().parent.parent
DATA = data_folder()
DEBUG = os.environ.get("OPORA_DEBUG") == "1"
SECRET_KEY = secret_key(DATA)
ALLOWED_HOSTS = os.environ.get("OPORA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "opora.ui",
    "opora.audit",
    "opora.accounts",
    "opora.registry",
    "opora.results",
    "opora.people",
    "opora.identification",
    "opora.diagnostics",
    "opora.quality",
    "opora.visits",
    "opora.office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "opora.accounts.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opora.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opora.registry.middleware.ActingMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opora.accounts.middleware.Sessions",
    "opora.accounts.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "opora.config.urls"
ASGI_APPLICATION = "opora.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["opora.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opora.ui.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [ROOT / "methodology/locale", ROOT / "lib/locale", ROOT / "config/locale"]
USE_TZ = True
TIME_ZONE = "Europe/Moscow"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from where they lie: nothing has to be collected first
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 500
OUTCOMES = DATA / "outcomes"  # the outcomes store
AUDIT_ANCHORS = DATA / "audit" / "anchors.jsonl"  # to be copied elsewhere: see the administrator's guide
ORDERS = DATA / "orders"  # files of orders, by their digests
VISIT_PHOTOS = DATA / "visits"  # photos of visits, a folder for each, by their digests
# Private: an uploaded file holds rows of pupils. In the one for a request, in the other until it is read.
FILE_UPLOAD_TEMP_DIR = private_folder(DATA / "incoming")
SPOOL = private_folder(DATA / "spool")

STAGES = [  # of the cycle, in the frame: name, first page, rooms or pages, deed that opens it
    ("Территории", "identification:home", ("identification:territory",), "see_lists"),
    (
        "Перечень",
        "identification:list",
        ("identification:school", "identification:runs", "identification:run", "identification:new_run"),
        "see_lists",
    ),
    ("Результаты", "results:files", ("results",), "import_results"),
    ("Опросы", "diagnostics:campaigns", ("diagnostics",), "see_surveys"),
    ("ВСОКО", "quality:checks", ("quality",), "see_quality"),
    ("Визиты", "visits:visits", ("visits",), "see_visits"),
    ("Люди", "people:list", ("people",), "see_people"),
    ("Журнал", "registry:log", ("registry",), "see_log"),
]

# Passwords. The parameters of Argon2 and the lists are in the room of accounts.
PASSWORD_HASHERS = ["opora.accounts.passwords.Argon2"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "opora.accounts.passwords.CommonPassword"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a link in a letter lives

# Signing in: allauth's machinery behind our addresses and pages; how often one may try is our own (ADR 12).
ACCOUNT_ADAPTER = "opora.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation that came to it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 600  # seconds between the password and the code
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "opora.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute earlier or later: telephones are not exact
MFA_TOTP_ISSUER = "Опора"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = False
SOCIALACCOUNT_ADAPTER = "opora.accounts.adapters.OutsideAccounts"
SOCIALACCOUNT_PROVIDERS = providers()
SOCIALACCOUNT_STORE_TOKENS = False
SECOND_FACTOR_REQUIRED = os.environ.get("OPORA_SECOND_FACTOR") != "optional"

LOGGING = logs()

# Letters: to a mail server, or into files of the data folder where there is none.
globals().update(letters(DATA))

# What a browser is told. Behind TLS (OPORA_TLS=1) cookies travel by it alone, plain requests are sent there.
TLS = os.environ.get("OPORA_TLS") == "1"
# How letters that nobody asked for name us: the address that people open.
SITE = os.environ.get("OPORA_SITE", "").rstrip("/") or f"{'https' if TLS else 'http'}://{ALLOWED_HOSTS[0]}"
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME = "__Host-session" if TLS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds without a request after which one signs in again
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # computers of a school are shared
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # on a laptop a passkey works at http://localhost
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the component library draws its ticks and arrows so
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # A browser holds the answer to a form against this too: a provider of sign-in is where ours sends it.
        "form-action": ["'self'", *origins()],
    }
}
