"""Signs in who has just set a first password: other rooms come here, not to our views."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from opora.accounts.models import User


def sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """Let a person in and lead to the first page, by the way that the sign-in page takes."""
    response: HttpResponse = perform_login(request, person, redirect_url="/")
    return response
