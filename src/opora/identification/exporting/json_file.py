"""A list as one JSON file: written piece by piece, read back whole, made again from a copy of the store.

The file holds all that a list was made of and every cell that came of it; with the store's folder beside it,
another machine without a database makes the list again and names every difference.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from opora.identification.exporting.taken import AT_ONCE, SHOWN, Taken
from opora.identification.kept import Facts, Kept, decisions, facts_of
from opora.identification.making import VERDICT_COLUMNS, as_text
from opora.identification.models import Evidence, Verdict
from opora.identification.tables import EVIDENCE
from opora.language import _

FORM = "opora-list-1"  # of the file; a reader refuses what it does not know
KEYS = ("facts", "columns", "evidence_columns", "whole", "decided", "schools", "count")


class NotAnExport(ValueError):
    """The file is no exported list, or not whole: the sentence says what is wrong."""


def as_json(taken: Taken, *, whole: bool) -> Iterator[bytes]:
    """Give the file piece by piece: a line for each school and list."""
    run, stamp = taken.run, taken.stamp
    head: dict[str, Any] = {
        "form": FORM,
        "note": taken.note,
        "exported": {"by": stamp.by, "role": stamp.role, "at": stamp.at.isoformat(), "number": stamp.number},
        "list": {
            "number": run.pk,
            "title": run.title,
            "state": run.state,
            "order_number": run.order_number,
            "order_date": run.order_date.isoformat() if run.order_date else None,
            "valid_until": run.valid_until.isoformat() if run.valid_until else None,
        },
        "facts": facts_of(run).told(),
        "columns": VERDICT_COLUMNS,
        "evidence_columns": EVIDENCE,
        "whole": whole,
    }
    seen = set(taken.found.values_list("school_id", flat=True)) if not whole else None
    decided = [[*key, joins] for key, joins in decisions(run).items() if seen is None or key[1] in seen]
    yield (as_text(head)[:-1] + ',\n"decided": ' + as_text(decided) + ',\n"schools": [').encode()
    count = 0
    for rows in _pieces(taken.found):
        text = ",\n".join(_lines(run.pk, rows))
        yield (f",\n{text}" if count else f"\n{text}").encode()
        count += len(rows)
    yield f'\n],\n"count": {count}}}\n'.encode()


def _pieces(found: QuerySet[Verdict]) -> Iterator[list[Verdict]]:
    """Read verdicts by list and school, in the order in which a list is made."""
    ordered = found.select_related(*SHOWN).order_by("list", "school_id")
    last: Verdict | None = None
    while True:
        part = ordered
        if last is not None:
            after = Q(list__gt=last.list) | Q(list=last.list, school_id__gt=last.school_id)
            part = ordered.filter(after, list__gte=last.list)
        rows = list(part[:AT_ONCE])
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1]


def _lines(run: int, rows: list[Verdict]) -> Iterator[str]:
    kept = Evidence.objects.filter(run=run, school__in={one.school_id for one in rows})
    evidence = {(one.list, one.school_id): one.rows for one in kept}
    for one in rows:
        yield as_text(
            {
                "code": one.school.vpr_login or one.school.ris_code,
                "name": str(one.school),
                "municipality": one.municipality.name,
                "verdict": [getattr(one, column) for column in VERDICT_COLUMNS],
                "evidence": evidence.get((one.list, one.school_id)),
            }
        )


def is_export(path: Path) -> bool:
    """Say whether a file begins as an exported list."""
    with path.open("rb") as file:
        return f'{{"form": "{FORM}"'.encode() == file.read(len(FORM) + 11)


def read(path: Path) -> Kept:
    """Read an exported list back.

    Raises: NotAnExport.
    """
    try:
        told = json.loads(path.read_bytes())
    except ValueError:
        raise NotAnExport(_("{file}: файл оборван или изменён: это не JSON").format(file=path.name)) from None
    if not isinstance(told, dict) or told.get("form") != FORM or any(key not in told for key in KEYS):
        raise NotAnExport(_("{file}: это не перечень, выгруженный из Опоры").format(file=path.name))
    if told["columns"] != list(VERDICT_COLUMNS) or told["evidence_columns"] != list(EVIDENCE):
        raise NotAnExport(_("{file}: столбцы другой версии Опоры").format(file=path.name))
    try:
        return _kept(told)
    except (KeyError, TypeError, ValueError, IndexError):
        raise NotAnExport(_("{file}: строки перечня испорчены").format(file=path.name)) from None


def _kept(told: dict[str, Any]) -> Kept:
    lines = told["schools"]
    if len(lines) != told["count"]:
        raise ValueError(told["count"])
    keyed = {(str(line["verdict"][0]), int(line["verdict"][1])): line for line in lines}
    verdicts = {key: tuple(line["verdict"]) for key, line in keyed.items()}
    evidence = {key: line["evidence"] for key, line in keyed.items() if line["evidence"] is not None}
    return Kept(
        Facts(**told["facts"]),
        verdicts,
        evidence,
        {line["verdict"][1]: line["code"] for line in lines},
        {(name, school): joins for name, school, joins in told["decided"]},
        whole=told["whole"],
    )
