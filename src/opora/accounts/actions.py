"""Deeds on accounts: the only place that writes them."""

from django.contrib.auth.hashers import make_password

from opora.accounts.models import User


def add_person(email: str, full_name: str, password: str | None) -> User:
    """Make an account; without a password nobody can sign in with it yet."""
    person = User(email=email.strip().lower(), full_name=full_name.strip(), password=make_password(password))
    person.full_clean(exclude=["password"])
    person.save()
    return person
