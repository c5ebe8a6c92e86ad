"""Was this list really made from these files? Recompute it and say equal, or what differs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opora.language import _
from opora.lists import document
from opora.lists.inputs import Inputs
from opora.methodology import edition as editions
from opora.results.readers import mapping as mappings

Document = dict[str, Any]
SHOWN = 10


def mapping_of(listed: Document) -> mappings.Mapping | None:
    """Answer the mapping that the list carries in itself."""
    return mappings.parse_mapping(listed["mapping"], Path("list.json")) if listed["mapping"] else None


def remake(listed: Document, inputs: Inputs) -> Document:
    """Make the list again by the edition that it carries in itself."""
    settings = listed["settings"]
    edition = editions.parse(listed["edition"]["text"], listed["edition"]["name"])
    years = settings["years"] if settings["years_replaced"] else None
    return document.make(inputs, edition, years=years, territory=settings["territory"])


def differences(listed: Document, remade: Document) -> list[str]:
    """Say in sentences where two lists differ.

    Empty: they are equal to the byte.
    """
    remade = _named_alike(remade, listed)
    if document.as_text(listed) == document.as_text(remade):
        return []
    said = [*_inputs(listed["inputs"], remade["inputs"]), *_schools(listed["schools"], remade["schools"])]
    said += [
        _("Раздел «{part}» другой.").format(part=part)
        for part in sorted(listed.keys() | remade.keys())
        if part not in ("inputs", "schools") and listed.get(part) != remade.get(part)
    ]
    return said or [_("Записано иначе, хотя содержание то же: порядок или вид чисел.")]


def _named_alike(remade: Document, listed: Document) -> Document:
    """A file is its content: one that was renamed since is the same file."""
    names = {file["digest"]: file["name"] for file in listed["inputs"]}
    files = [file | {"name": names.get(file["digest"], file["name"])} for file in remade["inputs"]]
    return remade | {"inputs": sorted(files, key=lambda file: (file["name"], file["digest"]))}


def _inputs(was: Sequence[Document], now: Sequence[Document]) -> list[str]:
    before, after = ({file["digest"]: file["name"] for file in files} for files in (was, now))
    gone = [
        _("Нет файла «{name}» с тем же содержанием.").format(name=before[d])
        for d in before.keys() - after.keys()
    ]
    new = [
        _("Файла «{name}» при составлении не было.").format(name=after[d])
        for d in after.keys() - before.keys()
    ]
    return sorted(gone) + sorted(new)


def _schools(was: Sequence[Document], now: Sequence[Document]) -> list[str]:
    before, after = ({line["school"]: line for line in lines} for lines in (was, now))
    changed = sorted(s for s in before.keys() | after.keys() if before.get(s) != after.get(s))
    said = [_school(school, before.get(school), after.get(school)) for school in changed[:SHOWN]]
    if len(changed) > SHOWN:
        said.append(_("… и ещё школ с отличиями: {count}.").format(count=len(changed) - SHOWN))
    return said


def _school(school: str, was: Document | None, now: Document | None) -> str:
    if was is None:
        return _("Школа {school}: в записанном перечне её нет.").format(school=school)
    if now is None:
        return _("Школа {school}: при пересчёте её нет.").format(school=school)
    parts = [part for part in sorted(was.keys() | now.keys()) if was.get(part) != now.get(part)]
    return _("Школа {school}: отличается {parts}.").format(school=school, parts=", ".join(parts))
