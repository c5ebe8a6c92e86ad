"""Pages of paper sheets: what to print, packs, a sheet that is typed twice, where its two entries differ."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.diagnostics.access import packs_to_enter, visible_links
from opora.diagnostics.models import PaperPack, PaperSheet, SurveyLink
from opora.diagnostics.on_paper import Handed
from opora.diagnostics.paper.actions import (
    FIRST,
    SECOND,
    Entry,
    begin_pack,
    decide_sheet,
    drop_pack,
    enter_sheet,
    finish_pack,
    remove_sheet,
    set_codes_aside,
)
from opora.diagnostics.paper.printing import paper_form
from opora.diagnostics.paper.query import free_number, next_second, pack_page, paper_page
from opora.diagnostics.paper.sheet_query import APART, At, Given, lacking, sheet_page
from opora.diagnostics.questionnaires import load
from opora.identification.filters import whole
from opora.language import _
from opora.questionnaires.form import LONGEST_TEXT, Form
from opora.questionnaires.marks import Typed, places, read_marks
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo, ChangedMeanwhile


def _link(request: SignedIn, pk: int) -> SurveyLink:
    mine = visible_links(request.user, timezone.localdate())
    return get_object_or_404(
        mine.select_related("campaign__region", "campaign__municipality", "school"), pk=pk
    )


def _pack(request: SignedIn, pk: int) -> PaperPack:
    mine = packs_to_enter(request.user, timezone.localdate())
    read = ("link__school", "link__campaign__region", "link__campaign__municipality")
    return get_object_or_404(mine.select_related(*read), pk=pk)


@require_GET
def printed(request: SignedIn, pk: int) -> HttpResponse:
    """Give the questionnaire of a link to print and fill in by hand."""
    content = paper_form(_link(request, pk), request.GET.get("lang", "ru"))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="questionnaire-{pk}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """Show what of a link is on paper; set codes aside, or begin a pack."""
    link = _link(request, pk)
    if request.method == "POST":
        return _done_at(request, link)
    page = paper_page(request.user, timezone.localdate(), link)
    return render(request, "diagnostics/paper.html", {"page": page})


def _done_at(request: SignedIn, link: SurveyLink) -> HttpResponse:
    try:
        if request.POST.get("do") == "begin":
            return redirect("diagnostics:pack", begin_pack(link, request.user).pk)
        count = whole(request.POST.get("count"))
        if count is None or count < 0:
            raise CannotDo(_("Напишите целое число от 0"))
        set_codes_aside(link, count, request.user)
        messages.success(request, _("Готово"))
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    except NotAllowed:
        raise Http404 from None
    return redirect("diagnostics:paper", link.pk)


@require_http_methods(["GET", "POST"])
def pack(request: SignedIn, pk: int) -> HttpResponse:
    """Show a pack; hand it in, drop it, or take a sheet out of it."""
    own = _pack(request, pk)
    if request.method == "POST":
        return _done_with(request, own)
    page = pack_page(request.user, timezone.localdate(), own)
    return render(request, "diagnostics/paper_pack.html", {"page": page})


def _done_with(request: SignedIn, own: PaperPack) -> HttpResponse:
    what = request.POST.get("do")
    try:
        if what == "finish":
            again = finish_pack(own, request.user) == Handed.AGAIN
            messages.success(request, _("Эта пачка уже сдана") if again else _("Пачка сдана"))
        elif what == "drop":
            drop_pack(own, request.user)
            messages.success(request, _("Пачка убрана"))
            return redirect("diagnostics:paper", own.link_id)
        else:
            remove_sheet(own, whole(request.POST.get("number")) or 0, request.user)
            messages.success(request, _("Лист убран из пачки"))
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    except NotAllowed:
        raise Http404 from None
    return redirect("diagnostics:pack", own.pk)


@require_http_methods(["GET", "POST"])
def sheet(request: SignedIn, pk: int, number: int, turn: str) -> HttpResponse:
    """Show a sheet to type, or keep what was typed; whatever is wrong, nothing typed is lost."""
    own = _pack(request, pk)
    if turn not in (FIRST, SECOND, APART):
        raise Http404
    if request.method == "POST":
        return _typed(request, At(own, number, turn))
    if own.finished_on:
        return redirect("diagnostics:pack", own.pk)
    return _shown(request, At(own, number, turn))


def _shown(request: SignedIn, at: At, given: Given | None = None, status: int = 200) -> HttpResponse:
    page = sheet_page(request.user, timezone.localdate(), at, given)
    if page is None and given is None:
        raise Http404
    if page is None:
        messages.error(request, _("Этого листа в пачке больше нет"))
        return redirect("diagnostics:pack", at.pack.pk)
    return render(request, "diagnostics/paper_sheet.html", {"page": page}, status=status)


def _typed(request: SignedIn, at: At) -> HttpResponse:
    own, turn, posted = at.pack, at.turn, request.POST
    form = load(own.link.form)
    keys = {place: posted.get(place, "")[: LONGEST_TEXT + 1] for place, _item in places(form)}
    read = read_marks(form, keys, words=turn == FIRST)
    faults = read.faults | (_undecided(at, form, read) if turn == APART else {})
    if faults or posted.get("do") == "look":
        return _shown(request, at, Given(keys, faults), 422 if faults else 200)
    entry = Entry(at.number, turn, read.marks, whole(posted.get("version")) or 0)
    try:
        kept = (decide_sheet if turn == APART else enter_sheet)(own, entry, request.user)
    except ChangedMeanwhile:
        return _shown(request, at, Given(keys, changed_meanwhile=True), 409)
    except CannotDo as refusal:
        messages.error(request, str(refusal))
        return _shown(request, at, Given(keys), 422)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Лист {number} введён").format(number=at.number))
    return _onward(request, kept, turn)


def _undecided(at: At, form: Form, read: Typed) -> dict[str, str]:
    found = at.pack.entries.filter(number=at.number).first()
    return lacking(form, found, read.marks | read.faults) if found else {}


def _onward(request: SignedIn, kept: PaperSheet, turn: str) -> HttpResponse:
    """Go on to what is to be typed next; whose entries differ is looked at again while it lies there."""
    others = list(kept.pack.entries.all())
    if turn == FIRST and kept.second is None:
        following, then = free_number([one.number for one in others]), FIRST
    elif kept.second is not None and kept.decided is None:
        following, then = kept.number, APART
    else:
        following, then = next_second(others, request.user), SECOND
    if not following:
        return redirect("diagnostics:pack", kept.pack_id)
    return redirect("diagnostics:sheet", kept.pack_id, following, then)
