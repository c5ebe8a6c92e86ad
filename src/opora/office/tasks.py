"""What waits for a person: in each role, what hurries most first."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from opora.accounts.models import User
from opora.accounts.queries import second_factor
from opora.diagnostics.tasks import survey_tasks
from opora.identification.access import visible_objections, visible_runs
from opora.identification.models import Objection, Run, Verdict
from opora.language import _
from opora.people.models import ForgetRequest, Invitation
from opora.people.queries import (
    NOT_JOINED,
    SOON,
    place_name,
)
from opora.quality.tasks import quality_tasks
from opora.registry.access import (
    has_deed,
    held_by,
    in_force,
    reach,
    visible_appointments,
    visible_people,
)
from opora.registry.models import Appointment
from opora.registry.roles import Role
from opora.results.access import visible_imports
from opora.results.models import ImportedFile
from opora.ui.components import Task
from opora.ui.numbers import counted, day
from opora.visits.access import curators_visits

FEW_CODES = 3  # recovery codes that are left
NEAR = 7  # days before a visit on which its pack is spoken of
MOST_TASKS = 5  # of one kind


def tasks(person: User, today: date) -> Iterator[Task]:
    """Answer what waits for a person, what hurries most first."""
    if has_deed(person, "import_results", today):
        month = timezone.now() - timedelta(days=SOON)
        refused = visible_imports(person, today).filter(
            state=ImportedFile.State.REFUSED, batch__by=person, batch__at__gte=month
        )
        if count := refused.count():
            word = counted(count, "файл,файла,файлов")
            yield Task(_("Исправить файлы с ошибками"), reverse("results:files"), "trouble", word)
    if has_deed(person, "see_drafts", today):
        drafts = visible_runs(person, today).filter(state=Run.State.DRAFT)
        if count := drafts.count():
            word = counted(count, "проект,проекта,проектов")
            yield Task(
                _("Утвердить проекты перечней или оставить"),
                reverse("identification:runs"),
                "attention",
                word,
            )
    yield from _tasks_of_lists(person, today)
    yield from survey_tasks(person, today)
    yield from quality_tasks(person, today)
    yield from _tasks_of_visits(person, today)
    if has_deed(person, "see_people", today):
        yield from _tasks_of_people(person, today)
    yield from _own_ends(person, today)
    if held_by(person, today, any_role=True):
        yield from _own_safety(person)


def _tasks_of_lists(person: User, today: date) -> Iterator[Task]:
    """Say which objections wait for a decision, and which lists one may still object to."""
    decides = reach(person, today, "amend_list")
    waiting = visible_objections(person, today).filter(
        decides.within(school="school"), state=Objection.State.WAITING
    )
    for row in waiting.select_related("school").order_by("at")[:MOST_TASKS] if decides else ():
        href = reverse("identification:objection", args=(row.pk,))
        yield Task(_("Решить по возражению школы"), href, "attention", _("ждёт решения"), str(row.school))
    objects = reach(person, today, "object_to_list")
    if not objects:
        return
    shown = visible_runs(person, today).filter(state=Run.State.REVIEW, objections_until__gte=today)
    mine = Verdict.objects.filter(objects.within(school="school"), listed=True, run__in=shown.order_by())
    told = mine.values_list("run", "run__title", "run__objections_until").order_by("run")
    for run, title, until, schools, first in told.annotate(Count("school", distinct=True), Min("school"))[
        :MOST_TASKS
    ]:
        page = (
            reverse("identification:school", args=(first,))
            if schools == 1
            else reverse("identification:list")
        )
        word = _("до {day}").format(day=day(until))
        yield Task(_("Проверить перечень: он на согласовании"), f"{page}?run={run}", "attention", word, title)


def _tasks_of_visits(person: User, today: date) -> Iterator[Task]:
    """Say to a curator which visits are near, and which are past and not marked."""
    if not has_deed(person, "verify_as_curator", today):
        return
    near = curators_visits(person, today).filter(planned_on__lte=today + timedelta(days=NEAR))
    for visit in near.select_related("school")[:MOST_TASKS]:
        school, when = str(visit.school), day(visit.planned_on)
        if visit.planned_on < today:
            href = reverse("visits:visit", args=(visit.pk,))
            yield Task(_("Отметить визит или перенести: день прошёл"), href, "trouble", when, school)
        else:
            href = reverse("visits:pack", args=(visit.pk,))
            yield Task(_("Открыть пакет визита, пока есть связь"), href, "attention", when, school)


def _tasks_of_people(person: User, today: date) -> Iterator[Task]:
    people = reverse("people:list")
    seen = visible_appointments(person, today)
    current = seen.filter(in_force(today))
    invited = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
    waiting = current.filter(NOT_JOINED).exclude(person__in=invited.values("person"))
    if count := waiting.values("person").distinct().count():
        word = counted(count, "человек,человека,человек")
        yield Task(_("Пригласить тех, кто ещё не вошёл"), f"{people}?only=unjoined", "attention", word)
    ending = current.filter(until__lte=today + timedelta(days=SOON)).exclude(person=person)
    if count := ending.count():
        word = counted(count, "назначение,назначения,назначений")
        yield Task(_("Продлить или заменить: назначения кончаются"), f"{people}?only=soon", "attention", word)
    if has_deed(person, "forget_people", today):
        asked = ForgetRequest.objects.filter(
            done_at=None, person__in=visible_people(person, today, "forget_people")
        )
        for request in asked.select_related("person")[:5]:
            href = reverse("people:person", args=(request.person_id,))
            yield Task(
                _("Ответить на просьбу забыть данные"), href, "attention", _("просьба"), str(request.person)
            )


def _own_ends(person: User, today: date) -> Iterator[Task]:
    soon = Appointment.objects.filter(
        in_force(today), person=person, until__lte=today + timedelta(days=SOON)
    ).select_related("region", "municipality", "school", "school__municipality")
    for one in soon:
        left = counted((one.until - today).days, "день,дня,дней") if one.until else ""
        note = f"{Role(one.role).label}, {place_name(one)}"
        yield Task(_("Ваше назначение кончается"), None, "attention", left, note)


def _own_safety(person: User) -> Iterator[Task]:
    """Say what would keep a person from signing in, or let somebody else in with a stolen password."""
    has, page = second_factor(person), reverse("accounts:security")
    if not has.is_set_up:
        word = _("рекомендуем")
        yield Task(_("Защитить вход вторым фактором"), page, "neutral", word)
    elif (left := has.recovery_codes_left or 0) < FEW_CODES:
        word = counted(left, "код,кода,кодов")
        yield Task(_("Сделать новые запасные коды: старые кончаются"), page, "attention", word)
