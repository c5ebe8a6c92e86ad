"""A check of how the demo municipality's schools assess quality: sheets in every state, a plan under way."""

from datetime import date, timedelta

from opora.accounts.actions import add_person
from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.checklist import NO, PARTLY, YES, Section
from opora.methodology.quality.judging import Answer, Finding
from opora.methodology.quality.reading import load_checklist
from opora.quality.checks.actions import Asked, begin_check
from opora.quality.models import CheckSheet, QualityCheck, Repair
from opora.quality.repairs.actions import (
    Planned,
    Proof,
    agree_repair,
    plan_repair,
    report_repair,
    return_repair,
)
from opora.quality.sheets.actions import check_section, conclude, fill_section, sign
from opora.registry.actions import appoint
from opora.registry.models import Appointment, School
from opora.registry.roles import Role

CHECKLIST = "opora-2026"
NOT_YET = ("two_markers", "pupils_helped")  # what the schools of the demo do not do
HALF = ("regulation", "shared_criteria", "marks_agree", "parents_know")
DOUBTED = "shared_criteria"  # of which the municipality finds less than the school says
HALF_WAY = 3  # sections
NEIGHBOURS = (
    ("Линеечкин Артём Львович", "checked"),
    ("Мелкова Рита Антоновна", "checked"),
    ("Указкин Степан Олегович", "filled"),
    ("Тетрадникова Вера Юрьевна", "checking"),
    ("Пеналова Дарья Ивановна", "begun"),
)  # directors of other schools, and how far each has come


def check_quality(today: date, domain: str) -> None:
    """Check the schools of the municipality whose coordinator the demo has."""
    held = Appointment.objects.filter(role=Role.MUNICIPAL_COORDINATOR, until=None)
    municipal = held.select_related("person", "municipality__region").first()
    if municipal is None or municipal.municipality is None:
        return
    schools = list(School.objects.filter(municipality=municipal.municipality, closed_on=None).order_by("pk"))
    asked = Asked(
        _("Проверка ВСОКО, осень"),
        today.year if today.month > 7 else today.year - 1,
        CHECKLIST,
        today + timedelta(days=10),
        today + timedelta(days=30),
        municipal.municipality.region,
        municipal.municipality,
        _("ДЕМО-21"),
        today,
    )
    _walk(begin_check(asked, schools, municipal.person), municipal.person, today, domain)


def _walk(check: QualityCheck, municipal: User, today: date, domain: str) -> None:
    """Let the director of the demo come as far as a plan; of the neighbours each has come less far."""
    sheets = list(check.sheets.select_related("school").order_by("pk"))
    held = Appointment.objects.filter(role=Role.DIRECTOR, school__in=[one.school_id for one in sheets])
    directors = {one.school_id: one.person for one in held.select_related("person")}
    for sheet in sheets:
        if director := directors.get(sheet.school_id):
            _fill(sheet, director)
            _check(sheet, municipal)
            _plan(sheet, director, municipal, today)
    others = [sheet for sheet in sheets if sheet.school_id not in directors]
    for at, (sheet, (name, state)) in enumerate(zip(others, NEIGHBOURS, strict=False), 1):
        director = add_person(f"neighbour{at}@{domain}", name, None, municipal)
        appoint(director, Role.DIRECTOR, school=sheet.school, by=municipal)
        _come_as_far_as(state, sheet, director, municipal)


def _come_as_far_as(state: str, sheet: CheckSheet, director: User, municipal: User) -> None:
    """Fill in a sheet: whole, whole and half checked, or begun."""
    sections = load_checklist(CHECKLIST).sections
    if state == "begun":
        for section in sections[:HALF_WAY]:
            fill_section(sheet, section, _answers(section), 0, director)
        return
    _fill(sheet, director)
    if state == "checked":
        _check(sheet, municipal)
    if state == "checking":
        for section in sections[:HALF_WAY]:
            findings = {name: Finding(one.level) for name, one in _answers(section).items()}
            check_section(sheet, section, findings, 0, municipal)


def _fill(sheet: CheckSheet, director: User) -> None:
    """Fill in a sheet and sign it."""
    version = 0
    for section in load_checklist(CHECKLIST).sections:
        version = fill_section(sheet, section, _answers(section), 0, director).version
    sign(sheet, "school", version, director)


def _answers(section: Section) -> dict[str, Answer]:
    proof = Answer(YES, _("Показали на совещании, протокол в папке ВСОКО."), _("Протокол № 3"))
    found = {}
    for one in section.criteria:
        level = NO if one.name in NOT_YET else PARTLY if one.name in HALF and one.name != DOUBTED else YES
        found[one.name] = Answer(level, proof.words, proof.title if level == YES else "")
    return found


def _check(sheet: CheckSheet, municipal: User) -> None:
    """Confirm all but one criterion, conclude and sign."""
    version = 0
    for section in load_checklist(CHECKLIST).sections:
        findings = {name: Finding(one.level) for name, one in _answers(section).items()}
        if DOUBTED in findings:
            why = _("Общие критерии есть у математиков и русистов; у остальных предметов ещё нет.")
            findings[DOUBTED] = Finding(PARTLY, why)
        version = check_section(sheet, section, findings, 0, municipal).version
    words = _("Порядок есть. В первую очередь: общие критерии отметок и вторая проверка работ.")
    sign(sheet, "municipality", conclude(sheet, words, version, municipal).version, municipal)


def _plan(sheet: CheckSheet, director: User, municipal: User, today: date) -> None:
    """Plan repairs: one is done, one agreed, one came back, one waits, one is explained."""
    measures = load_checklist(CHECKLIST).criteria
    post = _("заместитель директора по учебной работе")

    def planned(name: str, days: int) -> Repair:
        due = today + timedelta(days=days)
        return plan_repair(sheet, name, Planned(str(measures[name].measure), post, due), director)

    done = agree_repair(planned("regulation", 14), 1, municipal)
    proof = Proof(_("Положение дополнено и опубликовано."), _("Приказ № 41 (выдуман для демонстрации)"))
    report_repair(done, proof, done.version, director)
    agree_repair(planned("shared_criteria", 60), 1, municipal)
    back = _("Назовите, по каким предметам начнёте.")
    return_repair(planned("two_markers", 90), back, 1, municipal)
    planned("marks_agree", 45)
    why = Planned(why_not=_("Родительский чат и дневник уже есть: посмотрим через полугодие, хватает ли."))
    agree_repair(plan_repair(sheet, "parents_know", why, director), 1, municipal)
