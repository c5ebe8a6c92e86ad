"""Two regions in which everything bears a mark: whatever is foreign to somebody is known by its words.

The names, codes and figures of the far region and of neighbours occur nowhere else, so that a single one of
them in an answer tells that something was seen which should not be.
"""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from opora.audit.actions import record
from opora.audit.words import tell_deeds
from opora.diagnostics.campaigns.actions import (
    Asked,
    close_campaign,
    make_codes,
    open_campaign,
    prepare_campaign,
)
from opora.diagnostics.models import (
    Campaign,
    PaperPack,
    PaperSheet,
    ProfileRelease,
    Reminder,
    SchoolProfile,
    SurveyLink,
    Verification,
)
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.actions import bring_form, put_in_force
from opora.diagnostics.own_forms.reading import Mended, brought
from opora.diagnostics.paper.actions import FIRST, Entry, begin_pack, enter_sheet
from opora.identification.actions import (
    Grounds,
    agree_list,
    exit_school,
    object_to_list,
    publish_list,
    save_scenario,
    send_for_agreement,
    start_run,
)
from opora.identification.models import (
    Amendment,
    Evidence,
    Objection,
    ParticipantChoice,
    PlaceCount,
    Run,
    Scenario,
    Verdict,
)
from opora.identification.on_list import OnList
from opora.methodology.risk_profile.reading import load_edition
from opora.people.actions import invite
from opora.quality.checks.actions import Asked as AskedCheck
from opora.quality.checks.actions import begin_check
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.questionnaires.editions import load
from opora.questionnaires.xlsform.writing import to_xlsform
from opora.registry.actions import keep_order, name_deputy
from opora.registry.change_model import SchoolChange
from opora.registry.history.actions import record_change
from opora.registry.history.changes import Kind
from opora.registry.history.drafts import Draft
from opora.registry.models import Appointment, Municipality, School
from opora.registry.orders import OrderFile
from opora.registry.roles import Role
from opora.results.desk.actions import Announced, announce_files
from opora.results.models import DeskFile, ImportBatch, ImportedFile
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.planning.actions import Plan, plan_visit
from opora.visits.taking.actions import keep_photo, take_records
from tests.identification.conftest import publish
from tests.visits.drawn import name as named
from tests.visits.pictures import digest_of, png
from tests.world import (
    PASSWORD,  # noqa: F401 (others sign in with it)
    bring_file,
    folders_in,
    make_person,
)

FAR_RESULTS = """школа;год;процедура;предмет;класс;участников;низких
sch220001;2020;впр;математика;5;791907;790707
sch220001;2020;впр;русский язык;6;687187;686969
"""
OWN_RESULTS = """школа;год;процедура;предмет;класс;участников;низких
sch250001;2020;впр;математика;5;21;8
"""
MODELS = (
    Municipality, School, SchoolChange, Appointment, ImportBatch, ImportedFile, Run, Verdict, Evidence,
    PlaceCount, Objection, Amendment, Scenario, ParticipantChoice, DeskFile, Campaign, SurveyLink,
    ProfileRelease, SchoolProfile, Verification, Reminder, PaperPack, PaperSheet, QualityCheck, CheckSheet,
    SheetPart, Repair, OwnForm, Visit, VisitRecord, VisitPhoto,
)  # fmt: skip

# Who may see a place, the narrowest first; words of places further out are marks of what is foreign.
FAR_NUMBERS = ("791907", "790707", "687187", "686969", "791\u00a0907")  # longer than any key of a row
MARKS = {
    "passed": ("Береговой", "sch250002"),
    "city": ("Мысов", "Гимназия № 1", "sch250003", "sch250004"),
    "far": ("Степн", "sch220001", "дальний", "9907-д", "Дальневич", *FAR_NUMBERS),
}
FOREIGN = {
    "operator": (),
    "analyst": (),
    "coordinator": ("far",),
    "observer": ("far",),
    "municipal": ("far", "city"),
    "curator": ("far", "city", "passed"),
    "director": ("far", "city", "passed"),
    "methodist": ("far", "city"),
    **dict.fromkeys(("school_team", "psychologist", "mentor_school"), ("far", "city", "passed")),
    "partner": ("far", "city"),
    **dict.fromkeys(("student_intern", "deputy"), ("far", "city", "passed")),
    "nobody": ("far", "city", "passed"),
    "anonymous": ("far", "city", "passed"),
}


def marks_foreign_to(who: str) -> list[str]:
    """Answer the words that must be in nothing that this person is answered."""
    return [word for place in FOREIGN[who] for word in MARKS[place]]


@pytest.fixture(scope="module")
def standing_world(stage, standing_places, standing_people, standing_draft):
    with override_settings(**folders_in(stage.folder)):
        return stage.built(marked_world, standing_draft, standing_people, standing_places)


@pytest.fixture
def world(stage, standing_world, draft, people, places):
    return stage.copied(standing_world, marked_world, draft, people, places)


def marked_world(draft, people, places):
    """A country's published list, lists and drafts of both regions, their imports and recorded deeds."""
    tell_deeds("trust", {"look_around": "осматривается"})
    published, people = publish(draft, people), SimpleNamespace(**vars(people))
    people.far_director = make_person("faraway", "director", school=places.foreign)
    people.far_director.full_name = "Дальневич Дальний"
    people.far_director.save()
    people.neighbour = make_person("neighbour", "municipal_coordinator", municipality=places.city)
    own_file = bring_file(people.coordinator, OWN_RESULTS, "свой.csv", places.primorye).file
    far_file = bring_file(people.stranger, FAR_RESULTS, "дальний.csv", places.altai).file
    assert (own_file.state, far_file.state) == ("accepted", "accepted")
    runs = {}
    for name, by, region in (
        ("own", people.coordinator, places.primorye),
        ("far", people.stranger, places.altai),
    ):
        mark = "дальний" if name == "far" else "свой"
        runs[f"{name}_draft"] = start_run("seed-2020", [2018, 2019], region, by, f"{mark} проект")
        made = start_run("seed-2020", [2018, 2019], region, by, f"{mark} перечень")
        file = OrderFile("приказ.pdf", f"%PDF-1.7 {mark}".encode())
        number = "9907-д" if name == "far" else "77"
        runs[name] = publish_list(agree_list(made, by), number, date(2020, 3, 2), by, file=file)
        shown = start_run("seed-2020", [2018, 2019], region, by, f"{mark} перечень на согласовании")
        runs[f"{name}_review"] = send_for_agreement(shown, timezone.localdate(), by)
    runs |= _objections(runs, people, places)
    runs |= _scenarios(runs, people)
    runs |= _choices(runs, people, places)
    runs |= _desks(people)
    runs |= _campaigns(people, places)
    runs |= _checks(people, places)
    runs |= _visits(runs, people, places)
    changes = {
        "own_change": record_change(_new_founder(places.listed, "Ёлкинский район"), people.coordinator),
        "far_change": record_change(_new_founder(places.foreign, "Степной район"), people.stranger),
    }
    staff = {}
    for name, held, by in (
        ("own", people.curator.appointments.get(), people.coordinator),
        ("far", people.far_director.appointments.get(), people.stranger),
    ):
        staff |= _staff(name, held, by, make_person(f"{name}_deputy"))
    with transaction.atomic():
        record("trust.look_around", people.coordinator, places.listed, region="25", school=places.listed.pk)
        record("trust.look_around", people.neighbour, places.city, region="25", municipality=places.city.pk)
        record("trust.look_around", people.stranger, places.foreign, region="22", school=places.foreign.pk)
        record("trust.look_around", None)
    return SimpleNamespace(
        people=people,
        places=places,
        country=published,
        country_file=ImportedFile.objects.get(name="results.csv"),
        own_file=own_file,
        far_file=far_file,
        **runs,
        **changes,
        **staff,
    )


@pytest.fixture
def everybody(world, person):
    """Add a person of each role that other rooms seldom need, and one who stands in for the director."""
    people, places = world.people, world.places
    people.methodist = person("methodist", Role.METHODIST, municipality=places.lake)
    people.partner = person("partner", Role.PARTNER, municipality=places.lake)
    for role in (Role.SCHOOL_TEAM, Role.PSYCHOLOGIST, Role.MENTOR_SCHOOL, Role.STUDENT_INTERN):
        setattr(people, role, person(str(role), role, school=places.listed))
    people.deputy, today = person("substitute"), timezone.localdate()
    name_deputy(people.director.appointments.get(), people.deputy, today, today, people.coordinator)
    return people


def _objections(runs, people, places):
    """Let a school of each region object, and a neighbour leave the own list by a decision."""
    own, far = runs["own_review"], runs["far_review"]
    gymnasium = OnList(own, own.lists[0], places.gymnasium)
    exit_school(gymnasium, Grounds("Гимназия № 1 закрыта на ремонт"), people.coordinator)
    listed, foreign = (OnList(own, own.lists[0], places.listed), OnList(far, far.lists[0], places.foreign))
    return {
        "own_objection": object_to_list(listed, "Свои причины", people.director),
        "far_objection": object_to_list(foreign, "Степные дальние причины", people.far_director),
    }


def _scenarios(runs, people):
    """Let each region keep numbers that it tried."""
    tried = {"list": "low", "changes": {}, "years": [2018], "listed": 0, "entered": 0, "left": 1}
    return {
        f"{name}_scenario": save_scenario(runs[name], f"{title} сценарий", tried, by)
        for name, title, by in (("own", "свой", people.coordinator), ("far", "дальний", people.stranger))
    }


def _choices(runs, people, places):
    """Let each region have a choice of participants, with a school fixed by hand."""
    return {
        f"{name}_choice": ParticipantChoice.objects.create(
            run=run,
            territory_id=run.territory_id,
            list="low",
            count=1,
            asked={},
            fixed={str(school.pk): {"way": "in", "reason": f"{title} причина"}},
            chosen=[school.pk],
            objective=1,
            bound=1,
            by=by,
        )
        for name, title, run, school, by in (
            ("own", "своя", runs["own"], places.listed, people.coordinator),
            ("far", "дальняя", runs["far"], places.foreign, people.stranger),
        )
    }


def _desks(people):
    """Let a person of each region have a file on the desk that is on its way."""
    return {
        f"{name}_desk": announce_files([Announced(f"{title} стол.csv", 1000, 1)], {}, by, "ru")[0]
        for name, title, by in (("own", "свой", people.coordinator), ("far", "дальний", people.stranger))
    }


def _campaigns(people, places):
    """Let each region have a survey that runs, one that has not begun, and one with risk profiles."""
    made = {}
    for name, title, school, by in (
        ("own", "свой", places.listed, people.coordinator),
        ("far", "дальний", places.foreign, people.stranger),
    ):
        today = timezone.localdate()
        forms = ("pupil-6-2026", "parent-2026", "director-2026")
        asked = Asked(f"{title} опрос", 2026, forms, today, today, school.region)
        made[f"{name}_prepared"] = prepare_campaign(asked, [school], by)
        made[f"{name}_campaign"] = open_campaign(prepare_campaign(asked, [school], by), by)
        link = SurveyLink.objects.get(campaign=made[f"{name}_campaign"], form="pupil-6-2026")
        make_codes(link, 3, by)
        made[f"{name}_link"] = SurveyLink.objects.get(pk=link.pk)
        typist = people.director if name == "own" else people.far_director
        made[f"{name}_pack"] = begin_pack(link, typist)
        enter_sheet(made[f"{name}_pack"], Entry(1, FIRST, {"suggestion": f"{title} лист"}, 0), typist)
        made |= _questionnaires(name, title, school, by)
        made[f"{name}_profiled"] = _profiled(replace(asked, title=f"{title} прошлый опрос"), school, by)
    return made


def _questionnaires(name, title, school, by):
    """Let a region have questionnaires of its own: a draft, one in force, and one that may be withdrawn."""
    found = {}
    for kind in ("draft_form", "form", "ending_form"):
        form = replace(load("parent-2026"), title={"ru": f"{title} анкета {kind}", "en": f"{title} {kind}"})
        own = bring_form(brought(to_xlsform(form), "own.xlsx", Mended("", 2026)), school.region, by)
        found[f"{name}_{kind}"] = own if kind == "draft_form" else put_in_force(own, own.digest, by)
    return found


def _profiled(asked, school, by):
    """Make a survey that has ended, with a profile of its school: here it counts whose it is."""
    ended = close_campaign(open_campaign(prepare_campaign(asked, [school], by), by), by)
    edition = load_edition("opora-2026")
    told = {"campaign": ended, "wave": 0, "edition": edition.name, "edition_digest": edition.digest}
    made = ProfileRelease.objects.create(**told, schools=1)
    place = {"region": school.region, "municipality": school.municipality, "school": school}
    levels = {factor.name: "high" for factor in edition.factors}
    SchoolProfile.objects.create(release=made, **place, levels=levels, told={})
    doubted = {edition.factors[0].name: [False, f"{asked.title}: причина"]}
    # a draft is shown to its own side alone
    signed = {"by": by, "signed_by": by, "signed_at": timezone.now()}
    Verification.objects.create(campaign=ended, **place, side="curator", opinions=doubted, **signed)
    Reminder.objects.create(campaign=ended, **place, on=timezone.localdate())
    return ended


def _checks(people, places):
    """Let each region have a check that both sides have signed, with a plan, and one without a word."""
    made = {}
    for name, title, school, by in (
        ("own", "свой", places.listed, people.coordinator),
        ("far", "дальний", places.foreign, people.stranger),
    ):
        today = timezone.localdate()
        place = {"region": school.region, "municipality": school.municipality}
        number = "9907-д" if name == "far" else "7-к"
        days = {"fill_until": today, "check_until": today, "order_number": number}
        asked = AskedCheck(f"{title} лист ВСОКО", 2026, "opora-2026", **days, **place)
        made[f"{name}_empty"] = begin_check(asked, [school], by)
        made[f"{name}_check"] = check = begin_check(asked, [school], by)
        sheet = CheckSheet.objects.get(quality_check=check)
        signed = {"by": by, "signed_by": by, "signed_at": timezone.now()}
        told = {"regulation": {"level": "no", "words": f"{title}: слова школы"}}
        whose = {"sheet": sheet, **place, "school": school}
        SheetPart.objects.create(**whose, side="school", answers=told, **signed)
        found = {"regulation": {"level": "no", "reason": f"{title}: причина"}}
        SheetPart.objects.create(**whose, side="municipality", answers=found, **signed)
        made[f"{name}_repair"] = Repair.objects.create(
            **whose,
            criterion="regulation",
            what=f"{title}: мера",
            who="завуч",
            due_on=today,
            version=1,
            by=by,
        )
    return made


def _visits(campaigns, people, places):
    """Let each region have a visit to its school with who was met, a note, and a photo."""
    made = {}
    for name, title, school, by in (
        ("own", "свой", places.listed, people.coordinator),
        ("far", "дальний", places.foreign, people.stranger),
    ):
        plan = Plan(school, timezone.localdate(), f"{title} визит", campaigns[f"{name}_profiled"])
        visit, photo = plan_visit(plan, by), PHOTO
        said = (
            ("met", {"who": "director", "note": f"{title} директор"}),
            ("note", {"text": f"{title} разговор"}),
            ("photo", _shown(photo, f"{title} кабинет")),
        )
        take_records(visit, [_told(visit, title, kind, payload) for kind, payload in said], by)
        made |= {f"{name}_visit": visit, f"{name}_photo": keep_photo(visit, digest_of(photo), photo, by)}
    return made


PHOTO = png(7)


def _shown(photo, caption):
    return {"photo": digest_of(photo), "caption": caption, "children": False, "consent": ""}


def _told(visit, title, kind, payload):
    told = {"uuid": named(f"{title} {kind}"), "visit": visit.pk, "kind": kind, "payload": payload}
    return told | {"device": "dev-a", "told_at": "2026-11-28T10:00:00.000Z"}


def _staff(name, held, by, deputy):
    """Let an appointment have an order with a file, a deputy who has not begun, and an open invitation."""
    today = timezone.localdate()
    region = by.appointments.get().region
    file = OrderFile("приказ.pdf", b"%PDF-1.7 order")
    order = keep_order("7919-д" if name == "far" else "17-к", today, by, region=region, file=file)
    Appointment.objects.filter(pk=held.pk).update(order=order)
    days = today + timedelta(days=9), today + timedelta(days=19)
    return {
        f"{name}_order": order,
        f"{name}_deputyship": name_deputy(held, deputy, *days, by),
        f"{name}_invited": invite(held, "code", by),
    }


def _new_founder(school, after):
    order = {"order_number": "17-п", "order_date": date(2019, 6, 3)}
    return Draft(Kind.FOUNDER, date(2019, 9, 1), **order, school=school, after=after)
