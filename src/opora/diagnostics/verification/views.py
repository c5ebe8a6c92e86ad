"""The page of a verification: both sides read it, each writes and signs its own."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.documents import KINDS
from opora.diagnostics.profiles.views import latest_profile
from opora.diagnostics.verification.actions import Part, Words, keep_words, sign, take_back
from opora.diagnostics.verification.query import verification_page, wrong_of
from opora.diagnostics.verification.reading import words_of
from opora.diagnostics.verification.self_diagnosis import form_on_paper
from opora.identification.filters import whole
from opora.language import _
from opora.methodology.risk_profile.reading import load_edition
from opora.registry.access import NotAllowed
from opora.registry.refusals import ChangedMeanwhile, NotWhole, Signed


@require_http_methods(["GET", "POST"])
def verification(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Show what both sides say of a profile; keep what one of them writes, and sign it if asked."""
    profile = latest_profile(request, pk, school)
    if request.method == "POST":
        return _written(request, profile)
    page = verification_page(request.user, timezone.localdate(), profile, asked=request.GET.get("side", ""))
    return render(request, "diagnostics/verification.html", {"page": page})


@require_GET
def self_diagnosis(request: SignedIn, pk: int, school: int, kind: str) -> HttpResponse:
    """Give the self-diagnosis form of a school as PDF or DOCX."""
    if kind not in KINDS:
        raise Http404
    page = verification_page(request.user, timezone.localdate(), latest_profile(request, pk, school))
    response = HttpResponse(form_on_paper(page, kind), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="self-diagnosis-{school}.{kind}"'
    return response


def _written(request: SignedIn, profile: SchoolProfile) -> HttpResponse:
    posted, edition = request.POST, load_edition(profile.release.edition)
    part = Part(profile.release.campaign, profile.school, posted.get("side", ""))
    words, version = words_of(posted, edition), whole(posted.get("version")) or 0
    try:
        if posted.get("do") == "take_back":
            take_back(part, request.user)
            messages.success(request, _("Подпись снята: слова можно изменить"))
        else:
            kept = keep_words(part, words, version, request.user)
            if posted.get("do") == "sign":
                sign(part, kept.version, request.user)
                messages.success(request, _("Подписано"))
            else:
                messages.success(request, _("Сохранено"))
    except NotAllowed:
        raise Http404 from None
    except (Signed, ChangedMeanwhile):
        return _again(request, profile, part, words)
    except NotWhole as refusal:
        return _unsigned(request, profile, part, refusal)
    return redirect("diagnostics:verification", profile.release.campaign_id, profile.school_id)


def _again(request: SignedIn, profile: SchoolProfile, part: Part, words: Words) -> HttpResponse:
    """Show what was typed where somebody else has kept or signed words: nothing is lost or written over."""
    page = verification_page(request.user, timezone.localdate(), profile, words, part.side)
    page = replace(page, changed_meanwhile=True)
    return render(request, "diagnostics/verification.html", {"page": page}, status=409)


def _unsigned(request: SignedIn, profile: SchoolProfile, part: Part, refusal: NotWhole) -> HttpResponse:
    """Show what lacks before it can be signed; what was typed is kept already."""
    page = verification_page(request.user, timezone.localdate(), profile, asked=part.side)
    titles = {one.name: one.title for one in page.factors}
    page = replace(page, wrong=wrong_of(refusal.lacks, titles, page.least))
    return render(request, "diagnostics/verification.html", {"page": page}, status=422)
