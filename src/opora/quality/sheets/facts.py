"""What the system itself knows of a criterion (известный факт): shown beside it, never a decision on it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.identification.access import visible_runs
from opora.identification.signs.card import signs_card
from opora.language import _
from opora.quality.marks.query import together_of
from opora.quality.marks.words import sentence
from opora.registry.models import School
from opora.results.actions import store
from opora.ui.numbers import number


@dataclass(frozen=True)
class Fact:
    """One thing that the system knows: said in a sentence, with the page that shows it."""

    said: str
    href: str
    link: str


def facts_of(viewer: User, today: date, school: School, kinds: Collection[str]) -> dict[str, Fact]:
    """Answer what is known of a school, by the kinds that are asked for; what is not known is absent."""
    asked = {kind: FACTS[kind](viewer, today, school) for kind in FACTS if kind in kinds}
    return {kind: fact for kind, fact in asked.items() if fact}


def _results(viewer: User, today: date, school: School) -> Fact | None:
    told = store().outcomes(schools=[str(school.pk)])
    if told.counts.is_empty():
        return None
    cells = told.cells.join(told.counts.select("cell"), on="cell", how="semi")
    years = ", ".join(str(year) for year in sorted(cells["year"].unique()))
    said = _("Загружены внешние результаты школы: {count}, годы: {years}.").format(
        count=number(len(told.counts)), years=years
    )
    return Fact(said, reverse("results:school_figures", args=(school.pk,)), _("Результаты школы"))


def _journal(viewer: User, today: date, school: School) -> Fact | None:
    found = together_of(school)
    if found is None:
        return None
    return Fact(sentence(found), reverse("quality:marks", args=(school.pk,)), _("Сравнение по предметам"))


def _signs(viewer: User, today: date, school: School) -> Fact | None:
    run = visible_runs(viewer, today).filter(verdicts__school=school).first()
    card = signs_card(run, school) if run else None
    if card is None or not card.conclusion:
        return None
    return Fact(card.conclusion, card.href or "", _("Признаки школы"))


FACTS: dict[str, Callable[[User, date, School], Fact | None]] = {
    "results": _results,
    "journal": _journal,
    "signs": _signs,
}
