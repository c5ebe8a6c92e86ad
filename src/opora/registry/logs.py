"""The logs of the registry's objects: a school, a person, a municipality, a region, the country."""

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from opora.accounts.models import User
from opora.audit.log import Asked, LogPage
from opora.audit.models import Event
from opora.audit.queries import IN_CHAIN, events_of, log_page, unrecorded_of
from opora.language import _
from opora.registry.access import reach
from opora.registry.models import Appointment, Municipality, Region, School
from opora.ui.components import Crumb
from opora.ui.numbers import is_english

SCHOOL, PERSON = "registry.school", "accounts.user"


def school_log(school: School, asked: Asked) -> LogPage:
    """Answer the log of a school: what was done to it and for it."""
    return log_page(
        events_of(SCHOOL, school.pk, Q(school=school.pk)),
        asked,
        title=_("Журнал школы"),
        lead=_("{name}: кто, когда и в какой роли что сделал.").format(name=school),
        crumbs=(Crumb(str(school), reverse("identification:school", args=(school.pk,))), Crumb(_("Журнал"))),
        own=(SCHOOL, str(school.pk)),
        unrecorded=unrecorded_of(SCHOOL, school.pk),
    )


def person_log(viewer: User, person: User, today: date, asked: Asked) -> LogPage:
    """Answer the log of a person: what they did and what was done about them, where the viewer may read."""
    given = [str(pk) for pk in Appointment.objects.filter(person=person).values_list("pk", flat=True)]
    account = Q(target=PERSON, target_id=str(person.pk))
    placed = Q(by=person) | Q(target="registry.appointment", target_id__in=given)
    far = reach(viewer, today, "see_log")
    if not far.country:
        placed &= Q(chain__in=far.regions) | Q(municipality__in=far.municipalities)
    return log_page(
        Event.objects.filter(account | placed),
        asked,
        title=_("Журнал человека"),
        lead=_("{name}: что сделано этим человеком и что сделано с его учётной записью.").format(name=person),
        crumbs=(Crumb(_("Журнал"), reverse("registry:log")), Crumb(str(person))),
        own=(PERSON, str(person.pk)),
        acts=True,
    )


def municipality_log(municipality: Municipality, asked: Asked) -> LogPage:
    """Answer the log of a municipality with its schools."""
    return log_page(
        Event.objects.filter(municipality=municipality.pk),
        asked,
        title=_("Журнал муниципалитета"),
        lead=_("{name}: кто, когда и в какой роли что сделал.").format(name=municipality),
        crumbs=(Crumb(_("Журнал"), reverse("registry:log")), Crumb(str(municipality))),
    )


def region_log(region: Region | None, asked: Asked) -> LogPage:
    """Answer the log of a region; None is what belongs to no region: the country's own."""
    name = _("Россия") if region is None else region.name_en if is_english() else region.name
    above = () if region is None else (Crumb(_("Журнал"), reverse("registry:log")),)
    return log_page(
        Event.objects.filter(chain=region.pk if region else ""),
        asked,
        title=_("Журнал региона") if region else _("Журнал страны"),
        lead=_("{name}: кто, когда и в какой роли что сделал.").format(name=name),
        crumbs=(*above, Crumb(name)),
        order=IN_CHAIN,
    )


def logged_municipalities(viewer: User, today: date) -> QuerySet[Municipality]:
    """Answer the municipalities whose log somebody may read."""
    far = reach(viewer, today, "see_log")
    if far.country:
        return Municipality.objects.all()
    return Municipality.objects.filter(Q(pk__in=far.municipalities) | Q(region__in=far.regions))
