"""A request as every page behind the sign-in gets it: somebody is signed in, and htmx may have asked."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from opora.accounts.models import User


class SignedIn(HttpRequest):
    """A request of a person; the framework turns all others away before a view sees them."""

    user: User
    htmx: HtmxDetails
