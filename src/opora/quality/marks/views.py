"""The page of the comparison with the journal."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.quality.marks.query import marks_page
from opora.registry.access import reach
from opora.registry.models import School


@require_GET
def marks(request: SignedIn, school: int) -> HttpResponse:
    """Show a school's external works beside its journal."""
    mine = School.objects.filter(reach(request.user, timezone.localdate(), "see_quality").within())
    found = get_object_or_404(mine.select_related("municipality"), pk=school)
    return render(request, "quality/marks.html", {"page": marks_page(found)})
