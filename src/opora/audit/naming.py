"""Names what the events of a page speak of: people and objects, in one question for each kind of object."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

from opora.audit.models import Event

SCHOOL, MUNICIPALITY = "registry.school", "registry.municipality"  # whose keys events hold
BEHALF = "behalf"
PEOPLE = ("person", "deputy", BEHALF)  # details that hold keys of people


@dataclass
class Names:
    """The names that were found; an object that is gone, or not the reader's to see, has none."""

    own: tuple[str, str]
    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    def about(self, event: Event) -> tuple[str, str, str]:
        """Answer the name of what an event was done to, its model and key; nothing for the page's own."""
        target, key = about(event)
        name = "" if (target, key) == self.own else self.objects.get((target, key), "")
        return name, target, key if name else ""

    def people_of(self, event: Event) -> dict[str, str]:
        """Answer the details of an event that are people, by their names."""
        return {name: self.people.get(key, f"№ {key}") for name, key in _people_in(event).items()}

    def behalf_of(self, event: Event) -> str:
        """Answer whom the person stood in for in an event. Empty: ""."""
        return self.people_of(event).get(BEHALF, "")


def about(event: Event) -> tuple[str, str]:
    """Answer what a line names under its sentence; where that names a person, it is the person's place."""
    if not isinstance(event.details, dict) or "person" not in event.details:
        return event.target, event.target_id
    if event.school is not None:
        return SCHOOL, str(event.school)
    return (MUNICIPALITY, str(event.municipality)) if event.municipality is not None else ("", "")


def names_of(events: Iterable[Event], own: tuple[str, str]) -> Names:
    """Read the names that a page needs."""
    names = Names(own)
    wanted: dict[str, set[int]] = defaultdict(set)
    people: set[int] = set()
    for event in events:
        target, key = about(event)
        if target and key.isdigit() and (target, key) != own:
            wanted[target].add(int(key))
        people |= set(_people_in(event).values())
    for target, keys in wanted.items():
        found = objects_of(target, keys)
        names.objects |= {(target, str(key)): name for key, name in found.items()}
    if people:
        names.people = objects_of(get_user_model()._meta.label_lower, people)
    return names


def _people_in(event: Event) -> dict[str, int]:
    """Answer the details of an event that are people, by their keys."""
    details = event.details if isinstance(event.details, dict) else {}
    return {name: key for name in PEOPLE if isinstance(key := details.get(name), int)}


def objects_of(target: str, keys: Iterable[Any]) -> dict[int, str]:
    """Answer the names of objects of one model; a model that is no longer there has none."""
    try:
        model: Any = apps.get_model(target)
    except (LookupError, ValueError):
        return {}
    related = [one.name for one in model._meta.fields if one.many_to_one and one.name in SPOKEN]
    found = model._default_manager.select_related(*related).in_bulk(list(keys))
    return {key: str(one) for key, one in found.items()}


SPOKEN = ("person", "by")
"""What the name of an object says besides its own columns: an appointment names its person."""
