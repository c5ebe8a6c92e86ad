"""The list as one document: what it was made of, the counts, and every school with its reasons.

The document holds no date and no path: the same files and edition give the same bytes, here or elsewhere.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

import opora
from opora.language import _
from opora.lists.inputs import Inputs
from opora.methodology import edition as editions
from opora.methodology import tables
from opora.methodology.identification import Identification, identify

FORM = 1  # of the document; a reader refuses what it does not know
Document = dict[str, Any]


def make(
    inputs: Inputs,
    edition: editions.Edition,
    *,
    years: Sequence[int] | None = None,
    territory: str = "RU",
) -> Document:
    """Identify schools in ``inputs`` by ``edition`` and write down all that a replay needs."""
    found = identify(
        tables.outcomes(inputs.outcomes),
        edition,
        indicators=tables.indicators(inputs.indicators),
        schools=inputs.schools,
        years=years,
        territory=territory,
    )
    schools = _schools(found, inputs.schools)
    return {
        "form": FORM,
        "opora": opora.__version__,
        "edition": {
            "name": edition.name,
            "title": {"ru": edition.title.ru, "en": edition.title.en},
            "status": edition.status,
            "source": edition.source,
            "digest": edition.digest,
            "text": edition.text,
        },
        "settings": {
            "years": list(found.years),
            "years_replaced": years is not None,
            "territory": territory,
            "hints": inputs.hints,
        },
        "inputs": [_input(file) for file in inputs.files],
        "mapping": inputs.mapping,
        "schools_digest": inputs.schools_digest,
        "counts": _counts(schools, edition),
        "schools": schools,
    }


def _input(file: Any) -> dict[str, Any]:
    skipped = dict(sorted(file.skipped.items()))
    return {
        "name": file.name,
        "digest": file.digest,
        "format": file.format,
        "rows": file.rows,
        "skipped": skipped,
    }


def _counts(schools: list[dict[str, Any]], edition: editions.Edition) -> dict[str, Any]:
    by_list = {name: sum(name in school["lists"] for school in schools) for name in edition.lists}
    return {
        "schools": len(schools),
        "listed": sum(bool(school["lists"]) for school in schools),
        "lists": by_list,
    }


def _schools(found: Identification, attributes: pl.DataFrame | None) -> list[dict[str, Any]]:
    stability = {(row["school"], row["list"]): row for row in found.stability().iter_rows(named=True)}
    evidence = _evidence(found)
    known = {row["school"]: row for row in attributes.iter_rows(named=True)} if attributes is not None else {}
    verdicts: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in found.verdicts.sort("school", "list").iter_rows(named=True):
        verdicts[row["school"]][row["list"]] = _verdict(row, stability.get((row["school"], row["list"]), {}))
    return [_school(school, lists, evidence[school], known.get(school)) for school, lists in verdicts.items()]


def _school(
    school: str, verdicts: dict[str, Any], evidence: list[dict[str, Any]], attributes: dict[str, Any] | None
) -> dict[str, Any]:
    stabilities = [v["stability"] for v in verdicts.values() if v["stability"] is not None]
    line: dict[str, Any] = {"school": school}
    if attributes:
        line["about"] = {
            key: value for key, value in attributes.items() if value is not None and key != "school"
        }
    return line | {
        "lists": [name for name, verdict in verdicts.items() if verdict["listed"]],
        "stability": min(stabilities) if stabilities else None,
        "verdicts": verdicts,
        "deciding": [row for row in evidence if row.get("deciding")],
        "evidence": evidence,
    }


def _verdict(row: dict[str, Any], stability: dict[str, Any]) -> dict[str, Any]:
    value = stability.get("stability")
    return {
        "listed": row["listed"],
        "branch": row["branch"],
        "failed": row["failed"],
        "counted": row["counted"],
        "stability": None if value is None else round(value, 4),
    }


def _evidence(found: Identification) -> dict[str, list[dict[str, Any]]]:
    by_school: dict[str, list[dict[str, Any]]] = defaultdict(list)
    order = [c for c in ("school", "list", "year", "assessment", "subject", "grade", "indicator") if c]
    frame = found.evidence(only_listed=False)
    for row in frame.sort([c for c in order if c in frame.columns], nulls_last=True).iter_rows(named=True):
        school = row.pop("school")
        by_school[school].append({key: _plain(value) for key, value in row.items() if _said(key, value)})
    return by_school


def _said(key: str, value: Any) -> bool:
    """Leave out what says nothing: empty values, and the ordinary sitting and category."""
    return value is not None and (key, value) not in (("sitting", ""), ("category", "all"))


def _plain(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


def as_text(document: Document) -> str:
    """Print the document the one way it is always printed."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def summary(document: Document) -> str:
    """Say in one sentence what came out."""
    counts = document["counts"]
    if not counts["schools"]:
        return _("Ни один результат не подошёл под редакцию: проверьте годы и процедуры.")
    years = ", ".join(str(year) for year in document["settings"]["years"])
    replaced = _(" (годы заданы вместо окна редакции)") if document["settings"]["years_replaced"] else ""
    return _(
        "Школ с результатами: {schools}; в перечне: {listed}. Редакция «{edition}», годы: {years}{replaced}."
    ).format(
        schools=counts["schools"],
        listed=counts["listed"],
        edition=document["edition"]["name"],
        years=years,
        replaced=replaced,
    )


def write(document: Document, path: Path) -> None:
    """Write the document as its name asks: ``.json``, ``.csv`` or ``.xlsx``; whole or not at all."""
    from opora.lists import spreadsheet

    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        if path.suffix == ".json":
            unfinished.write_text(as_text(document), encoding="utf-8")
        elif path.suffix == ".csv":
            spreadsheet.write_csv(document, unfinished)
        else:
            spreadsheet.write_xlsx(document, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
