"""Finds any questionnaire by its name: one that comes with Opora, or one that a territory brought."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import connection

from opora.language import _
from opora.questionnaires import editions
from opora.questionnaires.form import Form
from opora.questionnaires.reading import FormError, read_form

KEPT = 1_000  # own questionnaires that are kept read: all regions have fewer


def is_shipped(name: str) -> bool:
    """Say whether a questionnaire comes with Opora: the editions of the risk profile know only these."""
    return name in editions.shipped()


def load(name: str) -> Form:
    """Load a questionnaire by name. A draft cannot be loaded: nobody is asked it.

    Raises: FormError, where there is none of this name.
    """
    return editions.load(name) if is_shipped(name) else _own(name)


@lru_cache(maxsize=KEPT)
def _own(name: str) -> Form:
    """Read an own questionnaire once: what has been in force never changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_form(%s)", [name])
        (text,) = cursor.fetchone()
    if text is None:
        raise FormError([_("нет анкеты «{name}»").format(name=name)])
    return read_form(text, name)


def profiled(names: Iterable[str]) -> list[str]:
    """Name those whose answers enter risk profiles: an edition of it says what each question of ours means,
    and nothing says that of a question that somebody else wrote."""
    return [name for name in names if is_shipped(name)]


def names_for(audiences: Sequence[str]) -> list[str]:
    """Name all questionnaires for some groups, own ones of whatever territory among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_forms_for(%s)", [list(audiences)])
        own = [name for (name,) in cursor.fetchall()]
    return [*shipped_for(audiences), *own]


def shipped_for(audiences: Sequence[str]) -> list[str]:
    """Name the questionnaires for some groups that come with Opora."""
    return [name for name in editions.shipped() if editions.load(name).audience in audiences]
