"""Deeds on own questionnaires: bring, replace, put in force, withdraw, drop; all their writes."""

import hashlib
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import own_forms
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.reading import draft_of, own_name
from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.publishing import Hindrance, placed_hindrances
from opora.questionnaires.reading import FormError, read_form
from opora.questionnaires.writing import written
from opora.questionnaires.xlsform.reading import FromXlsform
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import Municipality, Region
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole

State = OwnForm.State
Place = Region | Municipality | None


@transaction.atomic
def bring_form(brought: FromXlsform, place: Place, by: User) -> OwnForm:
    """Keep a questionnaire as a draft of a territory (загрузить анкету).

    Raises: NotAllowed.
    Records: diagnostics.bring_form.
    """
    _may_keep(by, place)
    number = _next_number()
    region = place.region if isinstance(place, Municipality) else place
    own = OwnForm(
        id=number,
        name=own_name(brought.form, number),
        region=region,
        municipality=place if isinstance(place, Municipality) else None,
    )
    _fill(own, brought, by)
    own.save(force_insert=True)
    record("diagnostics.bring_form", by, own, **_told(own, by))
    return own


@transaction.atomic
def replace_form(own: OwnForm, seen: str, brought: FromXlsform, by: User) -> OwnForm:
    """Put another workbook in the place of a draft; its name stays. seen: the digest that a page showed.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: diagnostics.replace_form.
    """
    own = _draft(own, seen, by)
    _fill(own, brought, by)
    own.save()
    record("diagnostics.replace_form", by, own, **_told(own, by))
    return own


@transaction.atomic
def put_in_force(own: OwnForm, seen: str, by: User) -> OwnForm:
    """Let surveys ask a questionnaire (ввести в действие): from now on it never changes.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile; NotWhole, with what hinders.
    Records: diagnostics.put_form_in_force.
    """
    own = _draft(own, seen, by)
    if found := _hindrances(own):
        raise NotWhole(found)
    own.state = State.IN_FORCE
    own.save(update_fields=["state", "at"])
    record("diagnostics.put_form_in_force", by, own, **_told(own, by))
    return own


@transaction.atomic
def withdraw_form(own: OwnForm, seen: str, by: User) -> OwnForm:
    """Ask a questionnaire in new surveys no more (снять анкету); those that run go on.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.withdraw_form.
    """
    own = _mine(own, by)
    if own.state != State.IN_FORCE:
        raise CannotDo(_("Снять можно анкету, которая действует"))
    own.state = State.WITHDRAWN
    own.save(update_fields=["state", "at"])
    record("diagnostics.withdraw_form", by, own, **_told(own, by))
    return own


@transaction.atomic
def drop_form(own: OwnForm, seen: str, by: User) -> None:
    """Forget a draft (убрать черновик).

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: diagnostics.drop_form.
    """
    own = _draft(own, seen, by)
    record("diagnostics.drop_form", by, own, **_told(own, by))
    own.delete()


def _hindrances(own: OwnForm) -> list[Hindrance]:
    """Tell what hinders a draft; where nothing does, it is read once more as strictly as when it is asked."""
    found = placed_hindrances(draft_of(own.text, own.name))
    if not found:
        try:
            read_form(own.text, own.name)
        except FormError as fault:
            return [Hindrance(said, "") for said in fault.faults]
    return found


def _next_number() -> int:
    """Take the number of a new questionnaire, which is a part of its name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('diagnostics_ownform', 'id'))")
        return int(cursor.fetchone()[0])


def _fill(own: OwnForm, brought: FromXlsform, by: User) -> None:
    form: Form = replace(brought.form, name=own.name)
    own.text = written(form)
    own.digest = hashlib.sha256(own.text.encode()).hexdigest()
    own.title, own.audience = dict(form.title), form.audience
    own.languages, own.minutes = list(form.languages), form.minutes
    own.rows, own.not_carried = dict(brought.rows), list(brought.not_carried)
    own.by = by


def _may_keep(by: User, place: Place) -> None:
    far = reach(by, timezone.localdate(), "run_surveys")
    if isinstance(place, Municipality):
        within = far.holds_region(place.region_id) or place.pk in far.municipalities
    else:
        within = far.holds_region(place.pk if place else None)
    if not within:
        raise NotAllowed(_("Свою анкету загружает координатор своей территории"))


def _mine(own: OwnForm, by: User) -> OwnForm:
    """Take a questionnaire of one's own to change it; nobody else changes it meanwhile."""
    mine = own_forms(by, timezone.localdate()).filter(pk=own.pk)
    found = mine.select_for_update(of=("self",)).first()
    if found is None:
        if OwnForm.objects.filter(pk=own.pk).exists():
            raise NotAllowed(_("Свою анкету меняет координатор её территории"))
        raise ChangedMeanwhile  # somebody has dropped it
    return found


def _draft(own: OwnForm, seen: str, by: User) -> OwnForm:
    found = _mine(own, by)
    if found.state != State.DRAFT:
        raise CannotDo(_("Эта анкета уже действовала и не меняется: загрузите новую"))
    if found.digest != seen:
        raise ChangedMeanwhile
    return found


def _told(own: OwnForm, by: User) -> dict[str, Any]:
    return {
        "region": own.region_id,
        "municipality": own.municipality_id,
        "role": role_for(by, "run_surveys", timezone.localdate(), own.region_id),
        "title": own.title.get("ru") or next(iter(own.title.values()), ""),
        "form": own.name,
    }
