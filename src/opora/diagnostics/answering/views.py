"""The page of a questionnaire: whoever has its address answers it, without an account or JavaScript."""

import json
import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods

from opora.diagnostics.answering.pages import AnswerPage, ThanksPage
from opora.diagnostics.answering.query import Filled, answer_page, sheet_of
from opora.diagnostics.answering.taking import (
    MOST_BYTES,
    RECEIPT,
    Given,
    NoSurvey,
    Survey,
    Taking,
    Told,
    form_of,
    survey,
    take_sheet,
)
from opora.diagnostics.answering.words import worker as worker_text
from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.logic import by_field

LONGEST_CODE = 40
STATUS = {Told.FAULTY: 422, Told.NO_CODE: 422, Told.USED: 409, Told.EARLY: 403, Told.OVER: 410}


@login_not_required
@csrf_exempt  # nobody is signed in here and no cookie is asked: there is nothing to forge
@gzip_page  # the answers are not in it, and nothing secret but what the address says itself
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a questionnaire, or take a sheet of answers: from a plain form, or from the page's own program."""
    if request.method == "POST" and request.content_type == "application/json":
        return _take_json(request, token)
    asked = survey(token)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return _take_form(request, asked)
    with translation.override(_language(request, asked.form)):
        return _shown(request, _page(request, asked, Filled(secrets.token_hex(16))))


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, from the folder of the addresses that it serves."""
    response = HttpResponse(worker_text(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def _language(request: HttpRequest, form: Form) -> str:
    """Answer the language that the address asks for, else that of the rest of Opora, if the form has it."""
    wanted = request.GET.get("lang") or translation.get_language() or "ru"
    return wanted if wanted in form.languages else "ru"


def _page(request: HttpRequest, asked: Survey, filled: Filled) -> AnswerPage:
    return answer_page(asked, timezone.localdate(), _language(request, asked.form), filled)


def _shown(request: HttpRequest, page: AnswerPage, status: int = 200) -> HttpResponse:
    response = render(request, "diagnostics/answer.html", {"page": page}, status=status)
    response["Cache-Control"] = "no-cache"  # asked anew where there is a line: the service worker keeps it
    return response


def _take_form(request: HttpRequest, asked: Survey) -> HttpResponse:
    """Take what a plain form sent; whatever is wrong, nothing that was answered is lost."""
    posted = request.POST
    receipt = posted.get("receipt", "")
    receipt = receipt if RECEIPT.fullmatch(receipt) else secrets.token_hex(16)
    code = posted.get("code", "")[:LONGEST_CODE]
    sheet = sheet_of(asked.form, posted)
    with translation.override(_language(request, asked.form)):
        taking = take_sheet(asked.form, Given(asked.token, receipt, code, sheet))
        if taking.told == Told.UNKNOWN:
            raise Http404
        if taking.told in (Told.FAULTY, Told.NO_CODE, Told.USED):
            filled = Filled(receipt, sheet, code, _said(taking.told), by_field(taking.faults))
            return _shown(request, _page(request, asked, filled), STATUS[taking.told])
        return render(
            request, "diagnostics/thanks.html", {"page": _thanks(asked, taking, receipt)},
            status=STATUS.get(taking.told, 200),
        )  # fmt: skip


def _take_json(request: HttpRequest, token: str) -> HttpResponse:
    """Take what the page's own program sent: ``receipt``, ``code``, ``answers``; answer what became of it."""
    try:
        form = form_of(token)
    except NoSurvey:
        raise Http404 from None
    with translation.override(_language(request, form)):
        given = _given(request, token)
        if given is None:
            said = _("Ответы присланы не так: обновите страницу и отправьте ещё раз.")
            return JsonResponse({"told": "faulty", "said": said, "faults": {}}, status=422)
        taking = take_sheet(form, given)
        if taking.told == Told.UNKNOWN:
            raise Http404
        faults = by_field(taking.faults)
        said = _said(taking.told)
        status = STATUS.get(taking.told, 200)
        return JsonResponse({"told": str(taking.told), "said": said, "faults": faults}, status=status)


def _given(request: HttpRequest, token: str) -> Given | None:
    """Read a sheet from JSON. Empty: None, where it is none or too large."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return None
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or not isinstance(answers := sent.get("answers"), dict):
        return None
    receipt, code = sent.get("receipt"), sent.get("code") or ""
    if not isinstance(receipt, str) or not RECEIPT.fullmatch(receipt) or not isinstance(code, str):
        return None
    return Given(token, receipt, code[:LONGEST_CODE], answers)


def _said(told: Told) -> str:
    """Say what became of a sheet to the person who sent it. Empty: "" where it was taken."""
    return {
        Told.NO_CODE: _(
            "Кода нет или в нём опечатка: сверьте его с приглашением. Ответы остались на странице."
        ),
        Told.USED: _(
            "Этот код уже открыл другую анкету или отложен для бумажной. Попросите в школе новый; ответы "
            "остались на странице."
        ),
        Told.EARLY: _("Опрос ещё не начался: отправьте ответы, когда он начнётся."),
        Told.OVER: _("Опрос завершён, и срок для ответов, заполненных без связи, прошёл."),
    }.get(told, "")


def _thanks(asked: Survey, taking: Taking, receipt: str) -> ThanksPage:
    language = translation.get_language() or "ru"
    return ThanksPage(
        title=asked.form.title.get(language) or asked.form.title["ru"],
        school=asked.school,
        told=str(taking.told),
        short=f"{receipt[:4]}-{receipt[4:8]}".upper(),
        ends_on=asked.ends_on,
        taken_until=asked.taken_until,
    )
