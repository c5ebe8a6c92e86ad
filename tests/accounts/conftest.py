"""The small world of ``tests/world.py``, and people who can sign in."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from opora.accounts.actions import add_person
from opora.audit.models import Event
from tests.accounts.authenticator import code
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import PASSWORD

HASHED = make_password(PASSWORD)  # once: hashing is slow on purpose


@pytest.fixture
def anna(db):
    """Somebody with a password and nothing else."""
    person = add_person("anna@example.org", "Анна Пробная", None)
    person.password = HASHED
    person.save()
    return person


@pytest.fixture
def coordinator(people):
    """Somebody of the staff, with a password."""
    people.coordinator.password = HASHED
    people.coordinator.save()
    return people.coordinator


@pytest.fixture
def required(settings):
    """Ask the staff for a second factor, as in real use."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def sign_in():
    """Send the sign-in form."""

    def send(client, email="anna@example.org", password=PASSWORD, **more):
        return client.post("/sign-in/", {"username": email, "password": password, **more})

    return send


@pytest.fixture
def with_codes(sign_in):
    """Set up one-time codes as a person does, and answer the secret and the recovery codes; then sign out."""

    def set_up(client, person):
        sign_in(client, person.email)
        secret = secret_on(client.get("/security/one-time-codes/"))
        answer = client.post("/security/one-time-codes/", {"code": code(secret)}, follow=True)
        spare = re.findall(r"<li>(\d{10})</li>", answer.content.decode())
        client.post("/sign-out/")
        return SimpleNamespace(secret=secret, spare=spare)

    return set_up


def secret_on(answer) -> str:
    """Read the secret from the page."""
    return re.search(r'o-secret">([A-Z2-7 ]+)<', answer.content.decode())[1].replace(" ", "")


def deeds(deed):
    """Answer the events of a deed of this room."""
    return list(Event.objects.filter(deed=f"accounts.{deed}").order_by("number"))
