"""The data of the comparison with the journal, read from the results that count now.

A region's counts by work are held in memory for as long as the content is the same; pages that ask know that
their viewer may see the school.
"""

from collections import OrderedDict
from typing import Any

import polars as pl
from django.db import connection
from django.urls import reverse

from opora.language import _
from opora.methodology.disclosure.cells import number as limit
from opora.methodology.parameters import standing
from opora.methodology.quality.marks import KEY, PARTS, Together, beside_journal, together
from opora.methodology.signs.levels import FEWEST
from opora.quality.marks.pages import MarksPage, MarksRow
from opora.quality.marks.words import part_word, sentence
from opora.registry.models import School
from opora.results.actions import store
from opora.results.parts import Manifest
from opora.results.words import outcome_name
from opora.ui.components import Crumb
from opora.ui.numbers import interval, number, share, share_as_percent
from opora.ui.pictures.parts import PartsPlot, PartsRow

HELD = 8  # regions at once
_held: OrderedDict[tuple[str, str], pl.DataFrame] = OrderedDict()


def compared(school: School) -> pl.DataFrame:
    """Answer a school's works beside its journal: what ``beside_journal`` answers."""
    return beside_journal(_works(school), school.pk)


def together_of(school: School) -> Together | None:
    """Answer all shown works of a school together; None where no file tells of its journal."""
    return together(compared(school))


def _works(school: School) -> pl.DataFrame:
    """Answer the works of a school's region whose marks stand beside the journal."""
    empty = {"school": pl.Int64, "year": pl.Int32, "subject": pl.String, "grade": pl.Int32}
    manifest = store().current()
    if manifest is None:
        return pl.DataFrame(schema={**empty, **dict.fromkeys(PARTS, pl.Int64)})
    key = (manifest.digest, school.region_id)
    found = _held.get(key)
    if found is None:
        found = _held[key] = _read(manifest, school)
        while len(_held) > HELD:
            _held.popitem(last=False)
    return found


def _read(manifest: Manifest, school: School) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_schools_beside(%s)", [school.pk])
        numbers = [str(pk) for pk in cursor.fetchone()[0]]
    told = store().histograms(manifest, years=manifest.years, schools=numbers)
    known = told.filter(
        pl.col("journal").is_not_null(), pl.col("category") == "all", pl.col("assessment") == "vpr"
    )
    counts = [pl.col("journal").list.get(at).cast(pl.Int64).alias(part) for at, part in enumerate(PARTS)]
    return known.select(pl.col("school").cast(pl.Int64), *KEY, *counts)


def marks_page(school: School) -> MarksPage:
    """Answer the page of a school that the viewer may see."""
    rows = compared(school)
    found, shown = together(rows), rows.drop_nulls("takers")
    return MarksPage(
        name=str(school),
        place=school.municipality.name,
        crumbs=(
            Crumb(str(school), reverse("identification:school", args=(school.pk,))),
            Crumb(_("Журнал и внешние отметки")),
        ),
        said=sentence(found) if found else "",
        picture=_picture(shown.to_dicts()) if found else None,
        rows=tuple(_row(row) for row in rows.to_dicts()),
        names=tuple(part_word(part) for part in PARTS),
        hidden=len(rows) - len(shown),
        smallest=limit("smallest_group"),
        level=share(standing("identification", "interval_level").number),
        fewest=FEWEST,
    )


def _label(row: dict[str, Any]) -> str:
    return outcome_name({**row, "assessment": "vpr"})


def _picture(rows: list[dict[str, Any]]) -> PartsPlot:
    return PartsPlot(
        title=_("Отметки внешних работ и журнала"),
        names=tuple(part_word(part) for part in PARTS),
        beside=_("другие школы"),
        rows=tuple(
            PartsRow(
                label=_label(row),
                shares=tuple(row[f"{part}_share"] for part in PARTS),
                beside=_usual(row),
                note=_("отметок — {count}").format(count=number(row["takers"])),
            )
            for row in rows
        ),
    )


def _usual(row: dict[str, Any]) -> tuple[float, ...] | None:
    found = tuple(row[f"{part}_usual"] for part in PARTS)
    return None if None in found else found


def _row(row: dict[str, Any]) -> MarksRow:
    others = number(row["schools"])
    if row["takers"] is None:
        return MarksRow(_label(row), "", (), others)
    parts = tuple(
        (
            share_as_percent(row[part], row["takers"]),
            interval(row[f"{part}_from"], row[f"{part}_to"]),
            "" if row[f"{part}_usual"] is None else share(row[f"{part}_usual"]),
            part_word(part),
        )
        for part in PARTS
    )
    return MarksRow(_label(row), number(row["takers"]), parts, others)
