"""Deeds on accounts: the only place that writes them."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from opora.accounts.models import User
from opora.audit.actions import record


@transaction.atomic
def add_person(email: str, full_name: str, password: str | None, by: User | None = None) -> User:
    """Make an account; without a password nobody can sign in with it yet.

    ``by`` is who makes it; None is the program, as at the first start.

    Records: accounts.add_person.
    """
    person = User(email=email.strip().lower(), full_name=full_name.strip(), password=make_password(password))
    person.full_clean(exclude=["password"])
    person.save()
    record("accounts.add_person", by, person)
    return person
