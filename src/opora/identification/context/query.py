"""The page of a region's context: the map, who stands where, what the index rests on."""

from collections import Counter
from math import log
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from opora.identification.context.looking import RegionContext
from opora.identification.context.pages import ClusterRow, ContextPage, ContextRow, WeightRow
from opora.identification.context.words import context_said, results_said
from opora.identification.models import Run
from opora.identification.pages import Chip
from opora.identification.queries import region_name, run_head
from opora.identification.regional import RegionSeen
from opora.language import _
from opora.methodology.context.indicators import shipped_indicators
from opora.methodology.context.words import coverage_sentence, fit_sentence, quadrant
from opora.registry.models import School
from opora.ui.numbers import number, share
from opora.ui.pictures.scatter import Dot, Scatter

A_PAGE = 50
HALF = 0.5  # of a pupil, so that none at all has a logarithm too
FARTHEST = 2.5
ONLY = ("resilient", "hard_good", "hard_low", "easy_good", "easy_low", "all")


def context_page(seen: RegionSeen, found: RegionContext, only: str, page: int) -> ContextPage:
    """Answer the page of a region, with the viewer's schools in it; ``only`` is one of ``ONLY``."""
    mine, run = seen.schools, seen.run
    rows = [row for row in found.mapped.to_dicts() if row["school"] in mine]
    rows.sort(key=lambda row: mine[row["school"]].sort_key)
    paging = Paginator([row for row in rows if _is(row, only)], A_PAGE).get_page(page)
    listed = seen.listed(mine.values())
    expected = {row["school"]: row for row in found.expected.to_dicts()}
    return ContextPage(
        run=run_head(run),
        crumbs=seen.crumbs(_("Контекст и результаты")),
        region=region_name(seen.region),
        regions=seen.choices,
        fit=fit_sentence(found.context),
        usable=found.context.usable,
        picture=_picture(rows, mine, expected, run),
        chips=_chips(rows),
        rows=tuple(_row(row, mine[row["school"]], run, expected, listed) for row in paging),
        paging=paging,
        weights=tuple(_weights(found)),
        clusters=tuple(_clusters(found, listed, mine)),
    )


def _is(row: dict[str, Any], only: str) -> bool:
    return only == "all" or (row["resilient"] if only == "resilient" else row["quadrant"] == only)


def _chips(rows: list[dict[str, Any]]) -> tuple[Chip, ...]:
    labels = {
        "resilient": _("Резильентные"),
        "hard_good": _("Трудный контекст, лучше ожидаемого"),
        "hard_low": _("Трудный контекст, ниже ожидаемого"),
        "easy_good": _("Благоприятный, лучше ожидаемого"),
        "easy_low": _("Благоприятный, ниже ожидаемого"),
        "all": _("Все"),
    }
    return tuple(Chip(only, labels[only], sum(_is(row, only) for row in rows)) for only in ONLY)


def _picture(
    rows: list[dict[str, Any]], schools: dict[int, School], expected: dict[int, dict[str, Any]], run: Run
) -> Scatter:
    dots = []
    for row in rows:
        told = expected.get(row["school"])
        if row["quadrant"] is None or told is None:
            continue
        said = f"{schools[row['school']]}: {quadrant(row)}, {results_said(told)}"
        href = _address(row["school"], run) if row["resilient"] else None
        dots.append(Dot(row["index"], _above(told), said, href, row["resilient"], not row["sure"]))
    return Scatter(
        _("Контекст и результаты школ"),
        dots,
        (
            _("лучше ожидаемого"),
            _("ниже ожидаемого"),
            _("← благоприятнее"),
            _("труднее →"),
        ),
        _("резильентная школа: ей трудно, а результаты лучше ожидаемых"),
    )


def _above(told: dict[str, Any]) -> float:
    """Place a school above zero by how much better than expected it is: logits, at most ``FARTHEST``."""
    expected, seen = told["expected"], told["low"] + HALF
    odds = (
        (expected + HALF)
        * (told["takers"] - told["low"] + HALF)
        / (seen * (told["takers"] - expected + HALF))
    )
    return max(-FARTHEST, min(FARTHEST, log(odds)))


def _row(
    row: dict[str, Any],
    school: School,
    run: Run,
    expected: dict[int, dict[str, Any]],
    listed: dict[int, bool],
) -> ContextRow:
    return ContextRow(
        name=str(school),
        href=_address(school.pk, run),
        municipality=school.municipality.name,
        context=context_said(row),
        results=results_said(expected.get(school.pk)),
        stands=quadrant(row),
        resilient=row["resilient"],
        listed=listed.get(school.pk),
    )


def _address(school: int, run: Run) -> str:
    return f"{reverse('identification:school', args=(school,))}?run={run.pk}"


def _weights(found: RegionContext) -> list[WeightRow]:
    """Answer every indicator that is known of anybody: those in the index with their weights first."""
    weights = {row["indicator"]: row for row in found.context.weights.to_dicts()}
    told = []
    for row in found.context.table.coverage.to_dicts():
        weight = weights.get(row["indicator"])
        unlike = _("против ожидания") if weight and weight["expected"] is False else ""
        told.append(
            WeightRow(
                title=str(shipped_indicators()[row["indicator"]].title),
                weight=_signed(weight["weight"]) if weight else "",
                between=f"{_signed(weight['low'])} … {_signed(weight['high'])}" if weight else "",
                known=_known(row),
                note=unlike,
            )
        )
    return sorted(told, key=lambda one: not one.weight)


def _known(row: dict[str, Any]) -> str:
    """Say of how many schools an indicator is known, and why it is not in the index."""
    if row["why"]:
        return coverage_sentence(row)
    return _("известно о {share} школ").format(share=share(row["share"]))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 2)


def _clusters(found: RegionContext, listed: dict[int, bool], schools: dict[int, School]) -> list[ClusterRow]:
    """Answer the clusters, the hardest context first, with how many of the viewer's schools are in each."""
    groups = {row["school"]: row["group"] for row in found.groups.to_dicts()}
    every = Counter(groups[pk] for pk in schools if pk in groups)
    on_list = Counter(groups[pk] for pk in schools if pk in groups and listed.get(pk))
    return [ClusterRow(found.names[group], every[group], on_list[group]) for group in sorted(every)]
