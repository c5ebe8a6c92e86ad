"""Names of villages, schools and pupils, agreed in gender and drawn from one list of words."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml


@dataclass(frozen=True)
class Place:
    """A settlement: «с. Верхняя Заимка» and the adjective of its school, «Верхнезаимская»."""

    name: str
    adjective: str


@cache
def words() -> dict[str, Any]:
    """Read the words that everything is named with."""
    text = (Path(__file__).parent / "names.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def all_places() -> tuple[Place, ...]:
    """List every settlement that the words allow, without those that are centres of municipalities."""
    centres = {entry["centre"].split(" ", 1)[1] for entry in words()["municipalities"]}
    simple = [Place(name, f"{stem}ская") for name, stem in words()["villages"]]
    compound = [
        Place(f"{adjective[form]} {name}", f"{adjective[4]}{stem}ская")
        for adjective in words()["adjectives"]
        for name, form, stem in words()["nouns"]
    ]
    return tuple(place for place in simple + compound if place.name not in centres)


def draw_places(random: np.random.Generator, count: int) -> list[Place]:
    """Draw settlements of different names.

    Raises: ValueError when more are asked for than there are.
    """
    return [all_places()[i] for i in random.permutation(len(all_places()))[:count]]


def draw_pupils(random: np.random.Generator, count: int) -> list[tuple[str, str, str]]:
    """Draw full names of pupils: surname, first name and patronymic of one gender."""
    known = words()
    surnames = known["surnames"]
    people = []
    for surname, gender, first, patronymic in random.integers(0, 2**31, size=(count, 4)).tolist():
        girl = gender % 2
        firsts = known["girls"] if girl else known["boys"]
        people.append(
            (
                surnames[surname % len(surnames)] + ("а" if girl else ""),
                firsts[first % len(firsts)],
                known["patronymics"][patronymic % len(known["patronymics"])][girl],
            )
        )
    return people
