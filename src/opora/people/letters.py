"""The letter of an invitation, and the sheet of paper with its code."""

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from opora.language import _
from opora.lib import square_code
from opora.people.actions import Invited
from opora.people.pages import Sheet
from opora.people.queries import place_name
from opora.registry.roles import Role


class LetterNotSent(Exception):
    """The mail server did not take a letter."""


def address_of(invited: Invited, request: HttpRequest) -> str:
    """Answer the address that accepts an invitation."""
    return request.build_absolute_uri(reverse("people:join", args=(invited.secret,)))


def send_letter(invited: Invited, request: HttpRequest) -> None:
    """Send an invitation.

    Raises: LetterNotSent.
    """
    one = invited.invitation
    told = {
        "name": one.person.full_name,
        "role": str(Role(one.appointment.role).label),
        "place": place_name(one.appointment),
        "by": one.by.full_name,
        "address": address_of(invited, request),
        "until": timezone.localdate(one.expires_at),
    }
    text = render_to_string("people/letter.txt", told)
    letter = EmailMessage(_("Приглашение в Опору"), text, to=[one.person.email])
    try:
        letter.send()
    except OSError as refusal:  # SMTP errors are of this kind too
        raise LetterNotSent(_("Письмо не ушло: почтовый сервер не ответил")) from refusal


def sheet_of(invited: Invited, request: HttpRequest) -> Sheet:
    """Answer the sheet of a printed invitation; the picture is made here, of the address alone."""
    one, address = invited.invitation, address_of(invited, request)
    return Sheet(
        name=one.person.full_name,
        email=one.person.email,
        role=str(Role(one.appointment.role).label),
        place=place_name(one.appointment),
        code=invited.secret,
        address=request.build_absolute_uri(reverse("people:code")),
        picture=square_code.on_page(address),
        until=timezone.localdate(one.expires_at),
    )
