"""Finds a school by what somebody calls it and prints its latest risk profile."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.documents import KINDS, document
from opora.diagnostics.profiles.query import profile_page
from opora.language import _
from opora.registry.models import School

NAMED = 5  # schools that are named where a word fits several
CODES = ("vpr_login", "ris_code", "inn")


class NotPrinted(Exception):
    """There is nothing to print: the sentence says why and what is there."""


def printed(called: str) -> Iterator[tuple[str, bytes]]:
    """Give the latest profile of a school in every form: the name of a file and its content.

    It asks in nobody's name: whoever runs the program here may read all of it.
    Raises: NotPrinted.
    """
    school = _found(called)
    latest = (
        SchoolProfile.objects.filter(school=school)
        .select_related("release__campaign", "school", "municipality")
        .order_by("-release__at")
        .first()
    )
    if latest is None:
        message = _("У школы «{school}» профиля нет: он составляется, когда опрос школы завершён.")
        raise NotPrinted(message.format(school=school))
    page = profile_page(latest.release.campaign, latest, timezone.localdate())
    for kind in KINDS:
        yield f"profile-{school.pk}.{kind}", document(page, kind)


def _found(called: str) -> School:
    exact = Q(pk=int(called)) if called.isascii() and called.isdigit() and len(called) < 10 else Q(pk=None)
    for name in CODES:
        exact |= Q(**{name: called})
    for condition in (exact, Q(name__icontains=called) | Q(short_name__icontains=called)):
        schools = list(School.objects.filter(condition).order_by("pk")[: NAMED + 1])
        if len(schools) == 1:
            return schools[0]
        if schools:
            names = ", ".join(f"{one} ({one.pk})" for one in schools[:NAMED])
            message = _("Так называются несколько школ: {names}. Назовите номер.")
            raise NotPrinted(message.format(names=names))
    message = _("Школы «{called}» нет. Назовите её номер, код или часть названия.")
    raise NotPrinted(message.format(called=called))
