"""The data of the pages of a choice of participants."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.candidates import FEATURES, candidates, compared_by, kept_selection
from opora.identification.choosing.pages import ChoicePage, ChoiceRow, ChoicesPage, Participant
from opora.identification.models import ParticipantChoice, Run, Verdict
from opora.identification.queries import run_head
from opora.identification.wording import edition_of, list_title
from opora.language import _
from opora.methodology.choosing.choice import Selection, costs
from opora.ui.components import Crumb
from opora.ui.numbers import number, share

A_PAGE = 50
MOST_EXCHANGED = 1_500  # candidates up to which every exchange is counted while one waits
A_DEVIATION = 10_000  # whole units of distance in a standard deviation


def choices_page(run: Run) -> ChoicesPage:
    """Answer the choices of a run, the newest first."""
    edition = edition_of(run)
    kept = ParticipantChoice.objects.filter(run=run).select_related("by")
    listed = Counter(Verdict.objects.filter(run=run, listed=True).values_list("list", flat=True))
    return ChoicesPage(
        run=run_head(run),
        crumbs=(*_way(run), Crumb(_("Отбор участников"))),
        rows=tuple(
            ChoiceRow(
                id=one.pk,
                list_title=list_title(edition, one.list),
                count=one.count,
                said=said(one.asked),
                fixed=len(one.fixed),
                by=one.by.full_name,
                at=one.changed_at,
            )
            for one in kept
        ),
        listed=tuple((list_title(edition, name), listed[name]) for name in run.lists),
    )


def choice_page(viewer: User, choice: ParticipantChoice, page: int) -> ChoicePage:
    """Answer a choice with everybody that it represents."""
    run = choice.run
    table = candidates(run, choice.list)
    selection = kept_selection(table, choice)
    taken, others = _people(choice, table, selection) if selection else ((), ())
    paging = Paginator(others, A_PAGE).get_page(page)
    proven = choice.objective == choice.bound
    return ChoicePage(
        id=choice.pk,
        run=run_head(run),
        crumbs=(
            *_way(run),
            Crumb(_("Отбор участников"), reverse("identification:choices", args=(run.pk,))),
            Crumb(_("Отбор № {number}").format(number=choice.pk)),
        ),
        list_title=list_title(edition_of(run), choice.list),
        count=choice.count,
        candidates=len(table),
        said=said(choice.asked),
        proven=proven,
        gap=share(choice.objective / choice.bound - 1, 2) if choice.bound and not proven else "",
        mean=number(choice.objective / A_DEVIATION / max(len(table), 1), 2),
        notes=tuple(_notes(table)),
        features=tuple(_feature(name) for name in compared_by(table, choice)),
        is_stale=selection is None,
        is_mine=choice.by_id == viewer.pk,
        taken=taken,
        others=tuple(paging.object_list),
        paging=paging,
        places=_places(table, choice),
        costs_left_out=len(table) > MOST_EXCHANGED,
    )


def said(asked: Mapping[str, int]) -> tuple[str, ...]:
    """Say quotas in sentences."""
    words = {
        "least": _("из каждого муниципалитета не меньше {n}"),
        "most": _("из каждого муниципалитета не больше {n}"),
        "rural": _("сельских школ не меньше {n}"),
        "kinds": _("школ каждого вида не меньше {n}"),
    }
    return tuple(words[name].format(n=n) for name, n in asked.items())


def _feature(name: str) -> str:
    return {
        "pupils": _("число учеников"),
        "place": _("жителей в населённом пункте"),
        "index": _("насколько труден контекст"),
        "low_maths": _("доля двоек по математике"),
        "low_russian": _("доля двоек по русскому языку"),
        "low_other": _("доля двоек по остальным предметам"),
    }[name]


def _notes(table: pl.DataFrame) -> Iterator[str]:
    told = _("{feature}: не известно о школах: {count}; их отличие по этому признаку принято за среднее")
    for name in FEATURES:
        missing = table[name].null_count()
        if 0 < missing < len(table):
            yield told.format(feature=_feature(name), count=missing)


def _way(run: Run) -> tuple[Crumb, ...]:
    return (
        Crumb(_("Все перечни"), reverse("identification:runs")),
        Crumb(run.title, reverse("identification:run", args=(run.pk,))),
    )


def _people(
    choice: ParticipantChoice, table: pl.DataFrame, selection: Selection
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    told = selection.representation.to_dicts()
    standing_for: dict[str, list[dict[str, Any]]] = {}
    for row in told:
        if not row["chosen"]:
            standing_for.setdefault(row["by"], []).append(row)
    exchanged = len(table) <= MOST_EXCHANGED
    prices = {row["school"]: row for row in costs(selection).to_dicts()} if exchanged else {}
    taken: list[Participant] = []
    others: list[Participant] = []
    for about, row in zip(table.to_dicts(), told, strict=True):
        mine = sorted(standing_for.get(row["school"], []), key=lambda one: one["distance"])
        one = _participant(choice, about, row, mine, prices.get(row["school"]))
        (taken if row["chosen"] else others).append(one)
    return tuple(taken), tuple(others)


def _participant(
    choice: ParticipantChoice,
    about: Mapping[str, Any],
    row: Mapping[str, Any],
    mine: list[dict[str, Any]],
    price: Mapping[str, Any] | None,
) -> Participant:
    fixed = choice.fixed.get(str(about["pk"]), {})
    farthest = max((one["distance"] for one in mine), default=0.0)
    address = reverse("identification:school", args=(about["pk"],))
    return Participant(
        id=about["pk"],
        name=about["school"],
        href=f"{address}?run={choice.run_id}",
        municipality=about["municipality"],
        settlement=about["settlement"],
        fixed=fixed.get("way", ""),
        reason=fixed.get("reason", ""),
        represents=tuple(one["school"] for one in mine),
        by="" if row["chosen"] else row["by"],
        distance=number(farthest if row["chosen"] else row["distance"], 2),
        cost=_cost(price),
        other=(price or {}).get("other") or "",
    )


def _cost(price: Mapping[str, Any] | None) -> str:
    if price is None:
        return ""
    if price["share"] is None:
        return _("обмена, который держит квоты, нет")
    if price["share"] <= 0:
        return _("ничего не стоит")
    return _("на {share} хуже").format(share=share(price["share"], 1))


def _places(table: pl.DataFrame, choice: ParticipantChoice) -> tuple[tuple[str, int, int], ...]:
    taken = set(choice.chosen)
    rows = table.with_columns(pl.col("pk").is_in(taken).alias("taken"))
    counted = rows.group_by("municipality").agg(pl.len(), pl.col("taken").sum()).sort("municipality")
    return tuple((name, every, mine) for name, every, mine in counted.iter_rows())
