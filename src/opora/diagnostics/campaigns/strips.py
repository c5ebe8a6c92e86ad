"""Invitations on paper (листы приглашений): strips to cut and hand out, each with its square and its code."""

from pathlib import Path
from typing import Any

from django.urls import reverse

from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import SurveyLink
from opora.diagnostics.on_paper import on_paper
from opora.diagnostics.questionnaires import load
from opora.diagnostics.wording import form_title
from opora.language import _
from opora.lib import square_code
from opora.lib.paper import pdf
from opora.ui.numbers import counted, day

TEMPLATE = Path(__file__).with_name("strips.typ")
MOST = 600  # strips of one print: sixty sheets
OPEN_STRIPS = 12  # of an open link: all alike, on one sheet


class TooMany(Exception):
    """There is nothing to print, or more than one print takes: the sentence says what is allowed."""


def strips(link: SurveyLink, first: int, last: int, site: str) -> bytes:
    """Print the invitations of a link as PDF: codes from ``first`` to ``last`` (0: the last one made).

    An open link has no codes: its strips are alike.
    Raises: TooMany.
    """
    address = site + reverse("diagnostics:answer", args=(link.token,))
    by_codes = link.way == SurveyLink.Way.CODES
    codes = _codes(link, first, last) if by_codes else [""] * OPEN_STRIPS
    form = load(link.form)
    told: dict[str, Any] = {
        "title": form_title(link.form),
        "school": str(link.school),
        "said": _said(form.minutes, link),
        "address": address.partition("://")[2],
        "code_label": _("код"),
        "strips": [{"code": code, "square": _square(address, code)} for code in codes],
    }
    return pdf(TEMPLATE, told)


def _codes(link: SurveyLink, first: int, last: int) -> list[str]:
    made = answered([link.pk])[link.pk].codes
    last = min(last or made, made)
    if not made or first > last:
        raise TooMany(_("Кодов с такими номерами нет: сначала сделайте их"))
    if last - first + 1 > MOST:
        raise TooMany(
            _("За один раз печатается до {most} приглашений: напечатайте по частям").format(most=MOST)
        )
    aside = set(on_paper([link.pk])[link.pk].numbers)  # whoever answers on paper is given no code
    numbers = [number for number in range(max(first, 1), last + 1) if number not in aside]
    if not numbers:
        raise TooMany(_("Все эти коды отложены для бумажных анкет: печатать нечего"))
    return [code_of(link.token, number) for number in numbers]


def _said(minutes: int, link: SurveyLink) -> list[str]:
    ends_on = link.campaign.closed_on or link.campaign.closes_on
    said = [
        _("{minutes}, до {ends}. Имя и адрес не нужны: кто что ответил, не узнает никто.").format(
            minutes=counted(minutes, "минута,минуты,минут"), ends=day(ends_on)
        )
    ]
    if link.way == SurveyLink.Way.CODES:
        said.append(_("Код открывает анкету один раз и с ответами не хранится."))
    return said


def _square(address: str, code: str) -> str:
    """Draw the QR code; the code stands behind #, which no browser sends to anybody."""
    return square_code.on_paper(f"{address}#{code}" if code else address)
