"""Passes a command through to the web framework."""

import os

SUMMARY = "Команды Django: migrate, shell, createsuperuser и другие"
PASS_ALL = True
NEED_NO_DATABASE = {"", "help", "--help", "-h", "--version", "version", "makemessages", "compilemessages"}


def run(words: list[str]) -> int:
    """Run it with the database of the data folder."""
    from opora.config.postgres import ensure_database, use_owner

    use_owner()
    if (words[:1] or [""])[0] not in NEED_NO_DATABASE:
        ensure_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./opora manage", *words])
    return 0
