"""A survey of the demo's listed schools: some have answered, some only begun, some nobody yet."""

import secrets
from datetime import date, timedelta
from random import Random
from typing import Any

from opora.accounts.models import User
from opora.diagnostics.answering.taking import Given, mix_sheets, take_sheet
from opora.diagnostics.campaigns.actions import (
    Asked,
    make_codes,
    open_campaign,
    prepare_campaign,
    tell_invited,
)
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import Campaign, SurveyLink
from opora.identification.models import Run, Verdict
from opora.language import _
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.form import DONT_KNOW, Form, Item
from opora.registry.models import Appointment, Region, School
from opora.registry.roles import Role

SEED = 77
ANSWERING = 8  # schools where people have answered
INVITED = {
    "pupil": (14, 26),
    "teacher": (9, 18),
    "parent": (18, 40),
    "psychologist": (1, 2),
    "director": (1, 1),
}
SPREAD = 0.28  # of people of one school around its level, levels being 0 to 1


def survey_schools(run: Run, region: Region, coordinator: User, today: date) -> Campaign:
    """Prepare and begin a survey of a list's schools, hand codes out, let people answer as people do."""
    listed = School.objects.filter(pk__in=Verdict.objects.filter(run=run, listed=True).values("school"))
    asked = Asked(
        title=_("Осенняя диагностика"),
        year=today.year if today.month > 7 else today.year - 1,
        forms=shipped(),
        opens_on=today - timedelta(days=6),
        closes_on=today + timedelta(days=8),
        region=region,
    )
    campaign = open_campaign(prepare_campaign(asked, listed, coordinator), coordinator)
    random = Random(SEED)  # noqa: S311 (made-up answers, the same each time)
    for place, school in enumerate(_first(listed)):
        level, turnout = random.uniform(0.25, 0.8), 0.9 if place < ANSWERING - 2 else 0.3
        for link in SurveyLink.objects.filter(campaign=campaign, school=school).order_by("form"):
            _answer(link, level, turnout, random, coordinator)
    mix_sheets()
    return campaign


def _first(listed: Any) -> list[School]:
    """Take the schools where people answer: that of the demo's director before all others."""
    held = Appointment.objects.filter(role=Role.DIRECTOR, school__in=listed)
    directed = set(held.values_list("school", flat=True))
    return sorted(listed, key=lambda school: (school.pk not in directed, school.pk))[:ANSWERING]


def _answer(link: SurveyLink, level: float, turnout: float, random: Random, by: User) -> None:
    form = load(link.form)
    invited = random.randint(*INVITED[form.audience])
    if link.way == SurveyLink.Way.CODES:
        make_codes(link, invited, by)
    else:
        tell_invited(link, invited, by)
    for number in range(1, invited + 1):
        if random.random() > turnout:
            continue
        code = code_of(link.token, number) if link.way == SurveyLink.Way.CODES else ""
        taking = take_sheet(form, Given(link.token, secrets.token_hex(16), code, _sheet(form, level, random)))
        assert taking.told.is_kept, taking


def _sheet(form: Form, level: float, random: Random) -> dict[str, Any]:
    """Draw the answers of one person: nearer to 1 is better; some questions are skipped."""
    mood = random.gauss(level, SPREAD)
    sheet: dict[str, Any] = {}
    for item in form.items.values():
        for name in [f"{item.name}.{row.name}" for row in item.rows] or [item.name]:
            if random.random() > 0.03 and item.kind != "text":
                sheet[name] = _value(item, mood, random)
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
