"""Pages of a school's sheet: the whole, and each section, which either side fills in and signs for itself."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.diagnostics.profiles.documents import KINDS
from opora.identification.filters import whole
from opora.language import _
from opora.methodology.quality.checklist import Section
from opora.quality.access import side_of
from opora.quality.heads import checklist_of
from opora.quality.models import CheckSheet, SheetPart
from opora.quality.sheets.actions import check_section, conclude, fill_section, sign, take_back
from opora.quality.sheets.paper import sheet_on_paper
from opora.quality.sheets.query import sheet_of, sheet_page, wrong_of
from opora.quality.sheets.reading import given_of
from opora.quality.sheets.section_query import Given, address_of, section_page
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole, Signed

Side = SheetPart.Side


def seen_sheet(request: SignedIn, pk: int, school: int) -> CheckSheet:
    """Answer a school's sheet in a check, or say that there is none such."""
    found = sheet_of(request.user, timezone.localdate(), pk, school)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def sheet(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Show a school's sheet; sign it, take a signature back or keep a conclusion."""
    found = seen_sheet(request, pk, school)
    if request.method == "POST":
        return _signed(request, found)
    page = sheet_page(request.user, timezone.localdate(), found)
    return render(request, "quality/sheet.html", {"page": page})


@require_http_methods(["GET", "POST"])
def section(request: SignedIn, pk: int, school: int, section: str) -> HttpResponse:
    """Show a section of a sheet; keep what a side writes there."""
    found = seen_sheet(request, pk, school)
    part = checklist_of(found.quality_check).section(section)
    if part is None:
        raise Http404
    if request.method == "POST":
        return _written(request, found, part)
    page = section_page(request.user, timezone.localdate(), found, part)
    return render(request, "quality/section.html", {"page": page})


@require_GET
def printed(request: SignedIn, pk: int, school: int, kind: str) -> HttpResponse:
    """Give the note on a school's check as PDF or DOCX."""
    found = seen_sheet(request, pk, school)
    if kind not in KINDS:
        raise Http404
    content = sheet_on_paper(request.user, timezone.localdate(), found, kind)
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="quality-{school}.{kind}"'
    return response


def _written(request: SignedIn, found: CheckSheet, part: Section) -> HttpResponse:
    today, version = timezone.localdate(), whole(request.POST.get("version"))
    side = side_of(request.user, found.school, today)
    given = given_of(request.POST, part, side, today)
    if given.wrong:
        return _again(request, found, part, given, 422)
    try:
        if side == Side.SCHOOL:
            fill_section(found, part, given.answers, version if version is not None else -1, request.user)
        else:
            check_section(found, part, given.findings, version if version is not None else -1, request.user)
    except NotAllowed:
        raise Http404 from None
    except (Signed, ChangedMeanwhile, CannotDo):
        return _again(request, found, part, given, 409)
    messages.success(request, _("Раздел «{title}» сохранён").format(title=part.title))
    return redirect(_next(request, found, part))


def _again(request: SignedIn, found: CheckSheet, part: Section, given: Given, status: int) -> HttpResponse:
    """Show what was typed and could not be kept: nothing is lost or written over."""
    page = section_page(request.user, timezone.localdate(), found, part, given)
    page = replace(page, changed_meanwhile=status == 409)
    return render(request, "quality/section.html", {"page": page}, status=status)


def _next(request: SignedIn, found: CheckSheet, part: Section) -> str:
    sections = checklist_of(found.quality_check).sections
    place = sections.index(part) + 1
    if request.POST.get("do") == "next" and place < len(sections):
        return address_of(found, sections[place].name)
    return found.address if request.POST.get("do") == "next" else address_of(found, part.name)


def _signed(request: SignedIn, found: CheckSheet) -> HttpResponse:
    posted, side = request.POST, side_of(request.user, found.school, timezone.localdate())
    version = whole(posted.get("version"))
    try:
        _do(request, found, side, version if version is not None else -1)
    except NotAllowed:
        raise Http404 from None
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    except (Signed, ChangedMeanwhile):
        page = sheet_page(request.user, timezone.localdate(), found, posted.get("conclusion"))
        page = replace(page, changed_meanwhile=True)
        return render(request, "quality/sheet.html", {"page": page}, status=409)
    except NotWhole as refusal:
        return _unsigned(request, found, refusal)
    return redirect(found.address)


def _do(request: SignedIn, found: CheckSheet, side: str, version: int) -> None:
    do = request.POST.get("do")
    if do == "take_back":
        take_back(found, side, request.user)
        messages.success(request, _("Подпись снята: лист можно изменить"))
        return
    if "conclusion" in request.POST:
        version = conclude(found, request.POST["conclusion"], version, request.user).version
    if do == "sign":
        sign(found, side, version, request.user)
        messages.success(request, _("Подписано"))
    else:
        messages.success(request, _("Сохранено"))


def _unsigned(request: SignedIn, found: CheckSheet, refusal: NotWhole) -> HttpResponse:
    """Show what lacks before it can be signed; what was typed is kept already."""
    page = sheet_page(request.user, timezone.localdate(), found)
    sections = checklist_of(found.quality_check).sections
    address = {one.name: address_of(found, one.name) for one in sections}
    page = replace(page, wrong=wrong_of(refusal.lacks, found, address))
    return render(request, "quality/sheet.html", {"page": page}, status=422)
