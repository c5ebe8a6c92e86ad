"""A list goes its way: shown for objections, agreed, made valid by an order."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.actions.runs import told_of
from opora.identification.models import Objection, Run
from opora.identification.states import State, may_follow
from opora.language import _
from opora.registry.access import NotAllowed, reach
from opora.registry.orders import OrderFile, lay_down

OBJECTIONS = 7_004  # class of advisory locks: objections of a run against its agreement


class CannotPublish(Exception):
    """The list is not where this step begins, or something is still missing: the sentence says what."""


class AlreadyPublished(CannotPublish):
    """The list has its order; a changed list is a new run."""


@transaction.atomic
def send_for_agreement(run: Run, until: date, by: User) -> Run:
    """Show a draft to its municipalities and schools, which may object up to a day (на согласование).

    Raises: NotAllowed; CannotPublish.
    Records: identification.send_for_agreement.
    """
    run = _taken(run, State.REVIEW, by)
    if until < timezone.localdate():
        raise CannotPublish(
            _("День, до которого ждут возражений, уже прошёл: назовите сегодняшний или позже")
        )
    run.state, run.objections_until = State.REVIEW, until
    run.save()
    record("identification.send_for_agreement", by, run, **_told(run, by), until=until)
    return run


@transaction.atomic
def agree_list(run: Run, by: User) -> Run:
    """Close the time for objections: every one of them is decided (согласовать).

    A draft may be agreed without having been shown; the trace then says that nobody was asked.
    Raises: NotAllowed; CannotPublish.
    Records: identification.agree_list.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [OBJECTIONS, run.pk])
    run = _taken(run, State.AGREED, by)
    if waiting := Objection.objects.filter(run=run, state=Objection.State.WAITING).count():
        raise CannotPublish(
            _("Сначала решите по возражениям школ; ждут решения: {count}").format(count=waiting)
        )
    shown = run.state == State.REVIEW
    run.state, run.agreed_by, run.agreed_at = State.AGREED, by, timezone.now()
    run.save()
    record("identification.agree_list", by, run, **_told(run, by), shown=shown)
    return run


@transaction.atomic
def publish_list(  # noqa: PLR0913 (an order is number × day × term, and its file)
    run: Run,
    order_number: str,
    order_date: date,
    by: User,
    *,
    valid_until: date | None = None,
    file: OrderFile | None = None,
) -> Run:
    """Make an agreed run's lists valid by an order, for a term if one is given (утвердить перечень).

    Raises: NotAllowed; AlreadyPublished; CannotPublish.
    Records: identification.publish_list.
    """
    run = _taken(run, State.PUBLISHED, by)
    if not order_number.strip():
        raise CannotPublish(_("Укажите номер приказа"))
    if valid_until is not None and valid_until < order_date:
        raise CannotPublish(_("Срок перечня кончается раньше дня приказа"))
    run.state, run.published_by, run.published_at = State.PUBLISHED, by, timezone.now()
    run.order_number, run.order_date, run.valid_until = order_number.strip(), order_date, valid_until
    if file is not None:
        run.order_file, run.order_digest = file.name, lay_down(file)
    run.save()
    order: dict[str, Any] = {"order_number": run.order_number, "order_date": order_date}
    record("identification.publish_list", by, run, **_told(run, by), **order, file=run.order_digest)
    return run


def _told(run: Run, by: User) -> dict[str, Any]:
    return told_of(run, by, "publish_list")


def _taken(run: Run, then: State, by: User) -> Run:
    """Lock a run for its next step, or refuse."""
    if not reach(by, timezone.localdate(), "publish_list").holds_region(run.territory_id):
        raise NotAllowed(_("Утверждать перечень может координатор своего региона или федеральный оператор"))
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == State.PUBLISHED:
        raise AlreadyPublished(_("Перечень уже утверждён приказом {number}").format(number=run.order_number))
    if not may_follow(run.state, then):
        raise CannotPublish(
            _("Перечень сейчас — «{state}»: этот шаг здесь не следующий").format(
                state=run.get_state_display()
            )
        )
    return run
