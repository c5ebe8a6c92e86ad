"""The one page of the registry itself: the role to act in is chosen in the header."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from opora.accounts.requests import SignedIn
from opora.registry.access import held_by
from opora.registry.acting_role import CHOSEN


@require_POST
def act(request: SignedIn) -> HttpResponse:
    """Act in one of one's roles from now on, or in all of them, and begin at the first page."""
    role = request.POST.get("role", "")
    held = held_by(request.user, timezone.localdate(), any_role=True)
    if any(one.role == role for one in held):
        request.session[CHOSEN] = role
    else:
        request.session.pop(CHOSEN, None)
    after = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(after if safe else "/")
