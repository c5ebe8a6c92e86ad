"""Letters to people: written and sent apart from the request, so that no answer waits for a mail server."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.db import connections
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opora.accounts.actions import record_asked
from opora.accounts.models import User
from opora.audit.words import said

log = logging.getLogger(__name__)
_postman = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")


def later(job: Callable[..., None], *given: Any) -> Future[None]:
    """Do a job of letters soon, in the language of this request, whoever waits for it or not."""
    return _postman.submit(_work, translation.get_language() or "ru", job, given)


def _work(language: str, job: Callable[..., None], given: tuple[Any, ...]) -> None:
    try:
        with translation.override(language):
            job(*given)
    except Exception as problem:  # the postman goes on; what failed is told without the letter's content
        log.error("a letter was not sent: %s", type(problem).__name__)
    finally:
        connections.close_all()


def send_reset(email: str, site: str) -> None:
    """Send the link for a new password to whoever has this address; to others nothing."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        return
    record_asked(person)
    key = default_token_generator.make_token(person)
    path = reverse("accounts:new_password", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    told = {"person": person, "address": site + path}
    send_mail(
        _("Новый пароль в Опоре"), render_to_string("accounts/letters/reset.txt", told), None, [person.email]
    )


def send_notice(email: str, what: str, site: str) -> None:
    """Tell a person that their way of signing in was changed, in case it was not they."""
    told = {"told": said(f"accounts.{what}", {}), "address": site + reverse("accounts:security")}
    send_mail(_("Вход в Опору изменён"), render_to_string("accounts/letters/notice.txt", told), None, [email])
