"""The signs of one school in sentences: its card beside the verdict, its page with every distribution."""

from typing import Any

import polars as pl
from django.urls import reverse

from opora.identification.cards import Seen, SignsCard
from opora.identification.models import Run
from opora.identification.queries import region_name, run_head
from opora.identification.signs.looking import TESTS, Looked, looked
from opora.identification.signs.pages import SchoolSignsPage
from opora.language import _
from opora.methodology.signs.looking import COUNTED
from opora.methodology.signs.peaks import beside_usual
from opora.methodology.signs.words import conclusion, marker, sentence
from opora.registry.models import School
from opora.results.words import outcome_name
from opora.ui.components import Crumb
from opora.ui.numbers import chance
from opora.ui.pictures.histogram import Histogram

MARKS = ("«3»", "«4»", "«5»")


def signs_card(run: Run, school: School) -> SignsCard | None:
    """Answer the card of a school; None where it has too few works, or nothing is known of its results."""
    found = looked(run, school.region_id)
    return _card(found, run, school) if found else None


def _card(found: Looked, run: Run, school: School) -> SignsCard | None:
    mine = pl.col("school") == school.pk
    kinds, markers = found.kinds.filter(mine).to_dicts(), found.markers.filter(mine).to_dicts()
    if not kinds and not markers:
        return None
    named = bool(found.signs.filter(mine & pl.col("named")).height)
    return SignsCard(
        named=named,
        conclusion=conclusion(named) if kinds else "",
        seen=tuple(_seen(row) for row in sorted(kinds, key=lambda row: -row["off"])),
        markers=tuple(marker(row) for row in markers),
        years=years_label(found),
        href=f"{reverse('identification:school_signs', args=(school.pk,))}?run={run.pk}",
    )


def _seen(row: dict[str, Any]) -> Seen:
    if row["kind"] not in COUNTED:
        return Seen(sentence(row), "")
    often = _("У честной школы так или сильнее: {chance} случаев.")
    return Seen(sentence(row), often.format(chance=chance(row["chance"])))


def years_label(found: Looked) -> str:
    """Say the years that were looked at."""
    return ", ".join(str(year) for year in found.years)


def school_signs_page(run: Run, school: School) -> SchoolSignsPage:
    """Answer everything that was looked at in the results of a school that the viewer may see."""
    found = looked(run, school.region_id)
    own = f"{reverse('identification:school', args=(school.pk,))}?run={run.pk}"
    return SchoolSignsPage(
        school=school.pk,
        name=str(school),
        run=run_head(run),
        crumbs=(
            Crumb(region_name(school.region)),
            Crumb(str(school), own),
            Crumb(_("Признаки необъективности")),
        ),
        card=_card(found, run, school) if found else None,
        pictures=tuple(_pictures(found, school)) if found else (),
        unknown=unknown(found),
    )


def _pictures(found: Looked, school: School) -> list[Histogram]:
    """Draw every work of the school whose boundaries are known, with what its level lets expect."""
    told = []
    works = found.works.filter(pl.col("assessment").is_in(TESTS), pl.col("scores").is_not_null())
    mine = works.filter(pl.col("school") == school.pk, pl.col("cell").is_in(list(found.bounds))).sort("cell")
    for row in mine.to_dicts():
        same = works.filter(pl.col("cell") == row["cell"]).select("school", "scores")
        seen, expected = beside_usual(same, school.pk)
        bounds = tuple(zip(found.bounds[row["cell"]], MARKS, strict=False))
        told.append(Histogram(outcome_name(row), seen, expected, bounds))
    return told


def unknown(found: Looked | None) -> tuple[str, ...]:
    """Say which signs could not be looked for in a region, and why."""
    if found is None:
        return (
            _("Результатов, по которым составлен этот перечень, здесь нет: признаки посмотреть не по чему."),
        )
    seen = set(found.kinds["kind"].unique())
    reasons = {
        "peak": _(
            "Пики на границах отметок: границы баллов этих лет не опубликованы, "
            "или у школ мало работ с баллами. Границы не угадываются."
        ),
        "unconfirmed": _(
            "Подтверждение экзаменами: школ, у которых есть и ВПР, и ОГЭ или ЕГЭ, меньше десяти."
        ),
        "raised": _(
            "Отметки за работу и по журналу: в файлах нет отметок по журналу, или школ меньше десяти."
        ),
        "dropped": _(
            "Работы с контролем объективности: списка таких работ нет, или школ в нём меньше десяти."
        ),
    }
    return tuple(said for kind, said in reasons.items() if kind not in seen)
