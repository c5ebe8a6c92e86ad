"""Names and codes of school subjects in files, and the one word that stands for each in our tables."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Subject:
    """One school subject as files may call it."""

    slug: str
    name: str
    stems: tuple[tuple[str, ...], ...]
    letters: tuple[str, ...]
    codes: tuple[int, ...]


@cache
def subjects() -> dict[str, Subject]:
    """Answer all subjects by their word, narrower names first."""
    text = Path(__file__).with_name("subjects.yaml").read_text(encoding="utf-8")
    return {
        slug: Subject(
            slug,
            entry["name"],
            tuple(tuple(stems) for stems in entry["stems"]),
            tuple(entry["letters"]),
            tuple(entry["codes"]),
        )
        for slug, entry in yaml.safe_load(text).items()
    }


def subject_in(text: str) -> str:
    """Find the subject that a Russian phrase names («по математике, 4 класс»).

    Empty: the phrase names none.
    """
    small = text.lower().replace("ё", "е")
    words = re.findall(r"[а-я]+", small)
    for subject in subjects().values():
        for stems in subject.stems:
            if stems[0] in small and _in_order(stems, words):
                return subject.slug
    return ""


def _in_order(stems: tuple[str, ...], words: list[str]) -> bool:
    rest = iter(words)
    return all(any(word.startswith(stem) for word in rest) for stem in stems)


def subject_by_code(code: int) -> str:
    """Answer the subject of a РИС ГИА code: only where no name stands beside it."""
    return next((s.slug for s in subjects().values() if code in s.codes), "")


def subject_by_letters(letters: str) -> str:
    """Answer the subject of a Latin abbreviation in a file's name («Mat»)."""
    small = letters.lower()
    return next((s.slug for s in subjects().values() if small in s.letters), "")


def subject_named(text: str) -> str:
    """Answer the subject that a person chose: our own word, or a Russian name, else the text as it is."""
    cleaned = text.strip()
    if cleaned in subjects():
        return cleaned
    return subject_in(cleaned) or cleaned


def subject_title(slug: str) -> str:
    """Say a subject's Russian name; a word of another system is said as it is."""
    return subjects()[slug].name if slug in subjects() else slug
