"""Takes away the second factor that somebody lost: ``./opora manage reset_second_factor EMAIL``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from opora.accounts.actions import reset_second_factor
from opora.accounts.models import User


class Command(BaseCommand):
    """Resets it, ends the person's sessions, and leaves a trace."""

    help = "Сбросить потерянный второй фактор: все входы человека закроются"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose it is."""
        parser.add_argument("email")

    def handle(self, *words: Any, **options: Any) -> None:
        """Do it.

        Raises: CommandError, when nobody has this address.
        """
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(_("Такого адреса нет."))
        reset_second_factor(person, None)
        self.stdout.write(_("Второй фактор сброшен, все входы закрыты."))
