"""Deeds on accounts: the only place that writes them."""

from django.contrib.auth.hashers import make_password

from opora.accounts.models import User


def add_person(email: str, full_name: str, password: str | None) -> User:
    """Make an account; without a password nobody can sign in with it yet."""
    person = User(email=email.strip().lower(), full_name=full_name.strip(), password=make_password(password))
    person.full_clean(exclude=["password"])
    person.save()
    return person


def person_with(email: str, full_name: str) -> User:
    """Answer the account with an address, made now where there is none: nobody has two."""
    found = User.objects.filter(email=email.strip().lower()).first()
    return found or add_person(email, full_name, None)


def rename_person(person: User, full_name: str) -> None:
    """Write a person's name as they write it themselves."""
    person.full_name = full_name.strip()
    person.full_clean(exclude=["password"])
    person.save(update_fields=["full_name"])


def set_password(person: User, password: str) -> None:
    """Set a password, hashed."""
    person.password = make_password(password)
    person.save(update_fields=["password"])


def forget_person(person: User) -> None:
    """Replace a person's name and address by their number and close the account (забыть)."""
    person.full_name = f"№ {person.pk}"
    person.email = f"forgotten-{person.pk}@forgotten.invalid"
    person.is_active = False
    person.password = make_password(None)
    person.save(update_fields=["full_name", "email", "is_active", "password"])
