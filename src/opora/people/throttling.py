"""How many wrong secrets one address may try in an hour."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from opora.accounts.throttling import address, network
from opora.people.models import RefusedTries

MOST = 20  # from one address in an hour
ANYWHERE = ""


def source_of(request: HttpRequest) -> str:
    """Answer a keyed hash of the address that asks: enough to count, too little to know."""
    return salted_hmac("opora.people.source", network(address(request)), algorithm="sha256").hexdigest()


def hour_of(now: datetime) -> datetime:
    """Answer the hour that a moment lies in."""
    return now.replace(minute=0, second=0, microsecond=0)


def is_throttled(source: str, now: datetime) -> bool:
    """Say whether an address has tried too often in this hour."""
    return RefusedTries.objects.filter(source=source, hour=hour_of(now), count__gte=MOST).exists()


def wait(now: datetime) -> int:
    """Answer in how many seconds the next hour begins."""
    return 3600 - now.minute * 60 - now.second
