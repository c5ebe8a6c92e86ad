"""Pages of risk profiles: those of a survey, one school's, and the same on paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.diagnostics.access import visible_campaigns, visible_profiles
from opora.diagnostics.models import Campaign, SchoolProfile
from opora.diagnostics.profiles.documents import KINDS, document
from opora.diagnostics.profiles.query import profile_page, profiles_page
from opora.identification.filters import whole
from opora.registry.access import has_deed


def _campaign(request: SignedIn, pk: int) -> Campaign:
    today = timezone.localdate()
    if not has_deed(request.user, "see_profiles", today):
        raise Http404
    return get_object_or_404(visible_campaigns(request.user, today), pk=pk)


def latest_profile(request: SignedIn, pk: int, school: int) -> SchoolProfile:
    """Find the latest profile of a school in a campaign, among those that one sees.

    Raises: Http404, where there is none.
    """
    campaign = _campaign(request, pk)
    seen = visible_profiles(request.user, timezone.localdate()).filter(
        release=campaign.releases.first(), school=school
    )
    return get_object_or_404(seen.select_related("release__campaign", "school", "municipality"))


@require_GET
def profiles(request: SignedIn, pk: int) -> HttpResponse:
    """Show the profiles of a campaign's schools."""
    campaign, asked = _campaign(request, pk), whole(request.GET.get("page")) or 1
    page = profiles_page(request.user, timezone.localdate(), campaign, request.GET.get("only", ""), asked)
    return render(request, "diagnostics/profiles.html", {"page": page})


@require_GET
def profile(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Show the profile of a school."""
    found = latest_profile(request, pk, school)
    page = profile_page(found.release.campaign, found, timezone.localdate())
    return render(request, "diagnostics/profile.html", {"page": page})


@require_GET
def printed(request: SignedIn, pk: int, school: int, kind: str) -> HttpResponse:
    """Give the profile of a school as PDF or DOCX."""
    if kind not in KINDS:
        raise Http404
    found = latest_profile(request, pk, school)
    page = profile_page(found.release.campaign, found, timezone.localdate())
    response = HttpResponse(document(page, kind), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="profile-{school}.{kind}"'
    return response
