"""A survey of the demo's listed schools: some have answered, some only begun, some nobody yet."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from opora.accounts.models import User
from opora.demo.own_form import bring_own_form
from opora.demo.paper import type_some
from opora.demo.verifying import verify_profile
from opora.demo.visiting import visit_school
from opora.diagnostics.answering.taking import Given, mix_sheets, take_sheet
from opora.diagnostics.campaigns.actions import (
    Asked,
    close_campaign,
    make_codes,
    open_campaign,
    prepare_campaign,
    tell_invited,
)
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import Campaign, SurveyLink
from opora.diagnostics.numbers import DEFAULT_PROFILE
from opora.diagnostics.paper.actions import set_codes_aside
from opora.diagnostics.profiles.actions import release
from opora.diagnostics.questionnaires import load
from opora.identification.models import Run, Verdict
from opora.language import _
from opora.methodology.risk_profile.reading import load_edition
from opora.questionnaires.editions import shipped
from opora.questionnaires.form import DONT_KNOW, Form, Item
from opora.registry.models import Appointment, Region, School
from opora.registry.roles import Role

SEED = 77
PROFILED = 24  # schools whose people answered the first: enough to know what is usual
ANSWERING = 8  # schools where people have answered now
ON_PAPER = 4  # pupils without a phone at the school of the demo's director
FEW = 2  # people of an office: they all answer
UNLIKE = (1, 4, 9)  # places of schools that pupils see otherwise than all others
INVITED = {
    "pupil": (14, 26),
    "teacher": (9, 18),
    "parent": (18, 40),
    "psychologist": (1, 2),
    "director": (1, 1),
}
SPREAD = 0.2  # of people of one school around its level, levels being 0 to 1
Levels = Mapping[str, float]  # item → how good it is, 0–1


def survey_schools(run: Run, region: Region, coordinator: User, today: date) -> None:
    """Survey a list's schools: one that has ended, with profiles, and one that people answer now."""
    listed = School.objects.filter(pk__in=Verdict.objects.filter(run=run, listed=True).values("school"))
    random = Random(SEED)  # noqa: S311 (made-up answers, the same each time)
    surveying = Surveying(region, listed, coordinator, today, random)
    schools = _first(listed)
    levels = {
        school: _levels(random, 0.82 if place in UNLIKE else random.uniform(0.35, 0.75))
        for place, school in enumerate(schools[:PROFILED])
    }
    year = today.year if today.month > 7 else today.year - 1
    first = surveying.begun(_("Стартовая диагностика"), year)
    for place, (school, seen) in enumerate(levels.items()):
        surveying.answered(first, school, seen, 0.75, darker=0.6 if place in UNLIKE else 0.0)
    mix_sheets()
    release(close_campaign(first, coordinator), today)
    verify_profile(first, schools[0])
    visit_school(first, schools[0], today)
    own = bring_own_form(region, coordinator)
    autumn = surveying.begun(_("Осенняя диагностика"), year, own.name)
    for place, school in enumerate(schools[:ANSWERING]):
        surveying.answered(autumn, school, levels[school], 0.9 if place < ANSWERING - 2 else 0.3)
    mix_sheets()
    parents = SurveyLink.objects.get(campaign=autumn, school=schools[0], form="parent-2026")
    pupils = SurveyLink.objects.get(campaign=autumn, school=schools[0], form="pupil-9-2026")
    tell_invited(parents, (parents.invited or 0) + INVITED["parent"][0], coordinator)
    type_some(parents, [drawn_sheet(load(parents.form), levels[schools[0]], random) for _one in range(6)])
    make_codes(pupils, ON_PAPER, coordinator)
    set_codes_aside(pupils, ON_PAPER, coordinator)


@dataclass(frozen=True)
class Surveying:
    """Surveys of a region's listed schools, and people who answer them by chance."""

    region: Region
    listed: Any
    by: User
    today: date
    random: Random

    def begun(self, title: str, year: int, *own: str) -> Campaign:
        """Prepare and begin a survey of all questionnaires of Opora, and of own ones beside them."""
        asked = Asked(
            title=title,
            year=year,
            forms=(*shipped(), *own),
            opens_on=self.today - timedelta(days=6),
            closes_on=self.today + timedelta(days=8),
            region=self.region,
        )
        return open_campaign(prepare_campaign(asked, self.listed, self.by), self.by)

    def answered(
        self, campaign: Campaign, school: School, levels: Levels, turnout: float, darker: float = 0.0
    ) -> None:
        """Let the people of a school answer; pupils see it so much darker than all others do."""
        for link in SurveyLink.objects.filter(campaign=campaign, school=school).order_by("form"):
            less = darker if load(link.form).audience == "pupil" else 0.0
            self.at(link, {name: max(0.02, level - less) for name, level in levels.items()}, turnout)

    def at(self, link: SurveyLink, levels: Levels, turnout: float) -> None:
        """Invite people to one questionnaire and let some of them answer."""
        form, random = load(link.form), self.random
        invited = random.randint(*INVITED[form.audience])
        if link.way == SurveyLink.Way.CODES:
            make_codes(link, invited, self.by)
        else:
            tell_invited(link, invited, self.by)
        for number in range(1, invited + 1):
            if random.random() > turnout and invited > FEW:
                continue
            code = code_of(link.token, number) if link.way == SurveyLink.Way.CODES else ""
            given = Given(link.token, secrets.token_hex(16), code, drawn_sheet(form, levels, random))
            taking = take_sheet(form, given)
            assert taking.told.is_kept, taking


def _levels(random: Random, whole: float) -> Levels:
    """Draw how good a school is, factor by factor around the whole: item → 0–1."""
    found = {}
    for factor in load_edition(DEFAULT_PROFILE).factors:
        of_factor = min(max(random.gauss(whole, 0.17), 0.05), 0.95)
        for indicator in factor.indicators:
            for origin in indicator.origins:
                found[origin.item.partition(".")[0]] = of_factor
    return found


def _first(listed: Any) -> list[School]:
    """Take the schools where people answer: that of the demo's director before all others."""
    held = Appointment.objects.filter(role=Role.DIRECTOR, school__in=listed)
    directed = set(held.values_list("school", flat=True))
    return sorted(listed, key=lambda school: (school.pk not in directed, school.pk))


def drawn_sheet(form: Form, levels: Levels | float, random: Random) -> dict[str, Any]:
    """Draw the answers of one person: nearer to 1 is better; some questions are skipped.

    ``levels``: of every item, or one for all.
    """
    mood = random.gauss(0, SPREAD)
    sheet: dict[str, Any] = {}
    for item in form.items.values():
        level = levels if isinstance(levels, float) else levels.get(item.name, 0.5)
        for name in [f"{item.name}.{row.name}" for row in item.rows] or [item.name]:
            if random.random() > 0.03 and item.kind != "text":
                sheet[name] = _value(item, level + mood, random)
    return sheet


def _value(item: Item, mood: float, random: Random) -> Any:
    good = min(max(random.gauss(mood, SPREAD), 0.0), 1.0)
    good = 1 - good if item.reversed or item.name == "bullying_seen" else good
    if item.dont_know and random.random() < 0.06:
        return DONT_KNOW
    if item.scale:
        return 1 + min(int(good * len(item.scale.steps)), len(item.scale.steps) - 1)
    if item.kind == "choice":
        return random.choice(item.options).name
    if item.kind == "choices":
        most = item.most or len(item.options)
        chosen = [option.name for option in item.options if random.random() < 0.3][:most]
        return chosen or [random.choice(item.options).name]
    if item.kind == "share":
        return round(100 * (1 - good) / 2)
    field = next(iter(item.fields))
    return min(field.least + int((1 - good) * 6), field.most)
