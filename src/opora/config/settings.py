"""Settings of the program; what differs between places comes from the environment."""

import os
from pathlib import Path

from opora.config.environment import data_folder, database, incoming_folder, secret_key

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
    "django_htmx",
    "template_partials",
    "opora.ui",
    "opora.audit",
    "opora.accounts",
    "opora.registry",
    "opora.results",
    "opora.people",
    "opora.identification",
    "opora.office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opora.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "opora.registry.acting_role.ActingRoleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
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
ORDERS = DATA / "orders"  # files of orders, by their digests
FILE_UPLOAD_TEMP_DIR = incoming_folder(DATA)  # private: an uploaded file holds rows of pupils

# Letters lie in files until a place has a mail server.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "letters"

STAGES = [  # of the cycle, in the frame: name, first page, rooms or pages, deed that opens it
    ("Территории", "identification:home", ("identification:territory",), "see_lists"),
    (
        "Перечень",
        "identification:list",
        ("identification:school", "identification:runs", "identification:run", "identification:new_run"),
        "see_lists",
    ),
    ("Результаты", "results:files", ("results",), "import_results"),
    ("Люди", "people:list", ("people",), "see_people"),
]

X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
