"""Who must have a second factor: a room that knows roles says it, this one asks."""

from collections.abc import Callable

from django.conf import settings

from opora.accounts.models import User

_must: list[Callable[[User], bool]] = [lambda person: False]


def ask_duty_of(must: Callable[[User], bool]) -> None:
    """Let a room that knows roles say who must have a second factor (called when the program starts)."""
    _must[0] = must


def must_have_second_factor(person: User) -> bool:
    """Tell whether nothing opens to a person before a second factor is set up."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and _must[0](person)
