"""Holds what stands around every page: the stages of the cycle, and the person who is signed in."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from opora.language import _


@dataclass(frozen=True)
class Stage:
    """A stage of the cycle in the navigation.

    ``address`` is the name of its first page; ``rooms`` are the namespaces, or the single pages
    (``room:page``), that belong to it as well; ``deed`` is what a person must be allowed to do to be shown
    the stage ("" for everybody who is signed in).
    """

    name: str
    address: str
    rooms: tuple[str, ...] = ()
    deed: str = ""

    def holds(self, namespace: str, view_name: str) -> bool:
        """Say whether a page belongs to this stage."""
        return view_name in (self.address, *self.rooms) or namespace in self.rooms


@dataclass(frozen=True)
class Place:
    """A stage as it is drawn on one page."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Switch:
    """The roles that a person may act in: value, name, whether it is the chosen one."""

    address: str
    choices: tuple[tuple[str, str, bool], ...]
    is_all: bool  # nothing is chosen: all roles at once


@dataclass(frozen=True)
class Person:
    """Who is signed in, in two lines: «Региональный координатор», «Приморский край»."""

    name: str
    place: str = ""
    switch: Switch | None = None


def plain_person(user: Any) -> Person:
    """Describe a person by the name alone."""
    return Person(name=user.get_full_name() or user.get_username())


_describe: list[Callable[[Any], Person]] = [plain_person]


def describe_people_by(describe: Callable[[Any], Person]) -> None:
    """Let a room that knows roles describe the person in the header (called when the program starts)."""
    _describe[0] = describe


_may: list[Callable[[Any, str], bool]] = [lambda user, deed: True]


def ask_deeds_of(may: Callable[[Any, str], bool]) -> None:
    """Let a room that knows roles say who may do which deed (called when the program starts)."""
    _may[0] = may


def stages() -> tuple[Stage, ...]:
    """Answer the stages in the order of ``STAGES`` in the settings: name, address, rooms, deed."""
    return tuple(Stage(*entry) for entry in getattr(settings, "STAGES", ()))


def places(request: HttpRequest, offered: Iterable[Stage] | None = None) -> list[Place]:
    """Answer the stages that this person can open; a stage without a page is not shown as a dead link."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    namespace, view_name = (match.namespace, match.view_name) if match else ("", "")
    drawn: list[Place] = []
    for stage in stages() if offered is None else offered:
        if stage.deed and not _may[0](user, stage.deed):
            continue
        with suppress(NoReverseMatch):
            drawn.append(Place(_(stage.name), reverse(stage.address), stage.holds(namespace, view_name)))
    return drawn


def person(request: HttpRequest) -> Person | None:
    """Describe who is signed in, if anybody."""
    user = getattr(request, "user", None)
    return _describe[0](user) if user is not None and user.is_authenticated else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every page its navigation and person; nothing is read before the page asks for it."""
    around = {
        "stages": SimpleLazyObject(lambda: places(request)),
        "person": SimpleLazyObject(lambda: person(request)),
        "languages": settings.LANGUAGES,
    }
    return {"frame": around}
