"""How a new cluster is made: UTF-8 everywhere, the same order of letters on every machine."""

import locale

from opora.config.postgres.binaries import Installation

BUILTIN_LOCALES_SINCE = 17
LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "ru_RU.UTF-8")


def initdb_options(installation: Installation) -> list[str]:
    """Write the options of ``initdb``: no passwords, for only the owner enters the socket's folder."""
    options = [
        "--username=postgres",
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--lc-messages=C",
        "--text-search-config=simple",
        f"--locale={system_locale()}",
        "--no-sync",
        "--no-instructions",
    ]
    if installation.major >= BUILTIN_LOCALES_SINCE:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def system_locale() -> str:
    """Choose the locale that knows Cyrillic letters and that this system has."""
    now = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in LOCALES:
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, now)
    return "C"
