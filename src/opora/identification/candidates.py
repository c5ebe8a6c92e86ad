"""The schools of a list as candidates: where they are, what they are like, how their pupils do.

Context is what the registry knows, how many pupils and how large the place, and in a region its own index of
context. Results are shares of low results,
pooled by subject from the list's own evidence. Risk factors come when schools have been diagnosed.
"""

from collections.abc import Mapping
from math import log1p
from typing import Any

import polars as pl

from opora.identification.context.looking import region_context
from opora.identification.models import Evidence, ParticipantChoice, Run, Verdict
from opora.identification.tables import EVIDENCE
from opora.language import _
from opora.methodology.choosing.choice import Quota, Selection, SelectionError, choose, each
from opora.methodology.choosing.distance import distances
from opora.methodology.choosing.quotas import rules

SUBJECTS = {"maths": "low_maths", "russian": "low_russian"}  # the others are pooled
FEATURES = {
    "pupils": "context",
    "place": "context",
    "index": "context",
    "low_maths": "results",
    "low_russian": "results",
    "low_other": "results",
}
SCHEMA: dict[str, Any] = {
    "pk": pl.Int64,
    "school": pl.String,  # its name and code: what a sentence calls it
    "municipality": pl.String,
    "settlement": pl.String,
    "kind": pl.String,
    **dict.fromkeys(FEATURES, pl.Float64),
}


def candidates(run: Run, name: str) -> pl.DataFrame:
    """Answer the schools that stand on a list; empty where none does.

    Shape: ``SCHEMA``, in the order of names. Units: pupils and inhabitants as log(1 + n), the index
    in standard deviations, shares 0–1. Empty: null where nobody knows, or no result of the subject counts.
    """
    listed = Verdict.objects.filter(run=run, list=name, listed=True).order_by("sort_key", "school")
    verdicts = list(listed.select_related("school", "municipality"))
    kept = Evidence.objects.filter(run=run, list=name, school__in=[one.school_id for one in verdicts])
    shares = {school: _shares(rows) for school, rows in kept.values_list("school_id", "rows")}
    index = _index(run)
    rows = [_row(one, shares.get(one.school_id, {}), index.get(one.school_id)) for one in verdicts]
    return pl.DataFrame(rows, schema=SCHEMA)


def _index(run: Run) -> dict[int, float | None]:
    """Answer how hard the context of each school is; nothing of the country, where regions differ in it."""
    found = region_context(run, run.territory_id) if run.territory_id else None
    return dict(found.mapped.select("school", "index").iter_rows()) if found else {}


def _row(verdict: Verdict, shares: Mapping[str, float], index: float | None) -> dict[str, Any]:
    school = verdict.school
    code = school.vpr_login or school.ris_code or str(school.pk)
    return {
        "pk": school.pk,
        "school": f"{school} ({code})",
        "municipality": verdict.municipality.name,
        "settlement": _("село") if verdict.rural else _("город"),
        "kind": school.get_kind_display() if school.kind else _("вид не указан"),
        "pupils": None if school.pupils is None else log1p(school.pupils),
        "place": None if school.settlement_size is None else log1p(school.settlement_size),
        "index": index,
        **shares,
    }


def _shares(rows: list[list[Any]]) -> dict[str, float]:
    counts: dict[str, list[int]] = {}
    for cells in rows:
        row = dict(zip(EVIDENCE, cells, strict=True))
        if row["kind"] == "outcome" and row["counted"] and row["takers"] and row["low"] is not None:
            pooled = counts.setdefault(SUBJECTS.get(row["subject"], "low_other"), [0, 0])
            pooled[0] += row["low"]
            pooled[1] += row["takers"]
    return {name: low / takers for name, (low, takers) in counts.items()}


def quotas_of(table: pl.DataFrame, asked: Mapping[str, int]) -> list[Quota]:
    """Answer the quotas that numbers ask for: of each municipality, of villages, of each kind of school."""
    told: list[Quota] = []
    if asked.get("least") or asked.get("most"):
        told += each(table, "municipality", asked.get("least"), asked.get("most"))
    if asked.get("rural"):
        told.append(Quota("settlement", _("село"), at_least=asked["rural"]))
    if asked.get("kinds"):
        told += each(table, "kind", asked["kinds"])
    return told


def known_features(table: pl.DataFrame) -> dict[str, str]:
    """Answer the features that are known of somebody; what nobody tells cannot make schools alike."""
    return {name: group for name, group in FEATURES.items() if table[name].null_count() < len(table)}


def compared_by(table: pl.DataFrame, choice: ParticipantChoice) -> dict[str, str]:
    """Answer the features by which a kept choice compared schools."""
    known = known_features(table)
    kept = choice.features or [name for name in known if name != "index"]
    return {name: known[name] for name in kept if name in known}


def chosen(
    table: pl.DataFrame, count: int, asked: Mapping[str, int], fixed: Mapping[str, Mapping[str, str]]
) -> Selection:
    """Choose among candidates.

    Raises: SelectionError, among them Clash, with a sentence about what cannot hold.
    """
    if table.is_empty():
        raise SelectionError(_("В перечне нет ни одной школы: отбирать не из кого"))
    ways = _ways(table, fixed)
    return choose(
        table.drop("pk"),
        count,
        known_features(table),
        quotas=quotas_of(table, asked),
        put_in=ways["in"],
        leave_out=ways["out"],
    )


def kept_selection(table: pl.DataFrame, choice: ParticipantChoice) -> Selection | None:
    """Answer a kept choice as the methodology has it; None where the list has changed too much since."""
    place = {pk: number for number, pk in enumerate(table["pk"])}
    if any(pk not in place for pk in [*choice.chosen, *map(int, choice.fixed)]):
        return None
    known = table.drop("pk")
    ways = _ways(table, choice.fixed)
    try:
        asked = rules(known, choice.count, quotas_of(table, choice.asked), ways["in"], ways["out"])
    except SelectionError:  # schools have left the list, and the quotas hold no more
        return None
    places = pl.Series(sorted(place[pk] for pk in choice.chosen), dtype=pl.Int64).to_numpy()
    between = distances(known, compared_by(table, choice))
    return Selection(known, places, choice.objective, choice.bound, (), asked, between)


def _ways(table: pl.DataFrame, fixed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Name the schools that are fixed in and out; one that left the list since is fixed no more."""
    names = dict(zip(table["pk"], table["school"], strict=True))
    told: dict[str, dict[str, str]] = {"in": {}, "out": {}}
    for number, one in fixed.items():
        if int(number) in names:
            told[one["way"]][names[int(number)]] = one["reason"]
    return told
