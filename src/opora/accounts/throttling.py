"""How often one may try: by account and by address, counted in the database that all processes share.

A try is counted before it is made and taken back when it succeeds, so that parallel tries cannot slip by.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from opora.accounts import actions

MINUTES, HOUR, DAY = 15 * 60, 3600, 24 * 3600


@dataclass(frozen=True)
class Limit:
    """So many tries in so many seconds, of whom: ``account`` or ``address``."""

    of: str
    tries: int
    seconds: int


LIMITS = {
    # A whole school, or a region's network, may stand behind one address.
    "password": (
        Limit("account", 10, MINUTES),
        Limit("account", 60, DAY),
        Limit("address", 60, MINUTES),
    ),
    # Three of a million codes are right at any time: thirty tries a day leave an intruder 1 in 11,000.
    "code": (Limit("account", 10, MINUTES), Limit("account", 30, DAY)),
    "passkey": (Limit("address", 60, MINUTES),),
    "outside": (Limit("address", 60, MINUTES),),
    "reset": (Limit("account", 3, HOUR), Limit("address", 20, HOUR)),
    "link": (Limit("address", 30, HOUR),),
}


class Throttled(Exception):
    """There were too many tries; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Tried:
    """A try that was counted and may be taken back."""

    keys: tuple[str, ...]

    def succeeded(self) -> None:
        """Take the try back: only failures count."""
        actions.take_back(self.keys)


def try_once(what: str, request: HttpRequest, account: str = "", now: datetime | None = None) -> Tried:
    """Count a try of one kind against every limit of it.

    Raises: Throttled.
    """
    now = now or timezone.now()
    of = {"account": account.strip().lower(), "address": network(address(request))}
    keys, wait = [], 0.0
    for limit in LIMITS[what]:
        key = actions.tries_key(what, limit.of, str(limit.seconds), of[limit.of])
        keys.append(key)
        count, until = actions.count_try(key, limit.seconds, now)
        if count > limit.tries:
            wait = max(wait, (until - now).total_seconds())
    if wait:
        actions.record_refusal("throttled", None)
        raise Throttled(max(1, round(wait)))
    return Tried(tuple(keys))


def address(request: HttpRequest) -> str:
    """Answer whence a request came; the server before us has put it there (uvicorn trusts known proxies)."""
    return str(request.META.get("REMOTE_ADDR") or "")


def network(told: str) -> str:
    """Answer the network that counts as one address: of the newer kind a household has 2⁶⁴ of them."""
    try:
        parsed = ipaddress.ip_address(told)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
