"""A questionnaire on paper (бумажная анкета): printed in black and white, filled in by hand, put into a box.

Nothing on it tells sheets apart: it has no code and no number. Whoever types it writes one in pencil later.
"""

from pathlib import Path
from typing import Any

from django.utils import translation

from opora.diagnostics.models import SurveyLink
from opora.diagnostics.questionnaires import load
from opora.language import _
from opora.lib.paper import pdf
from opora.questionnaires.form import NUMBERS, Form, Item, Page
from opora.questionnaires.numbering import digits, place_numbers, question_numbers
from opora.questionnaires.skips import skip_words
from opora.ui.numbers import counted, day

TEMPLATE = Path(__file__).with_name("questionnaire.typ")


def paper_form(link: SurveyLink, language: str) -> bytes:
    """Print the questionnaire of a link as PDF, in one of its languages, else in Russian."""
    form = load(link.form)
    spoken = language if language in form.languages else "ru"
    ends_on = link.campaign.closed_on or link.campaign.closes_on
    with translation.override(spoken):
        said = _("{school}. Опрос «{title}», до {day}.")
        whose = said.format(school=link.school, title=link.campaign.title, day=day(ends_on))
        return form_as_pdf(form, spoken, whose)


def form_as_pdf(form: Form, language: str, whose: str = "") -> bytes:
    """Print a questionnaire as PDF; its own words are said in the language that is spoken now."""
    told = {
        "lang": language,
        "title": form.title[language],
        "whose": whose,
        "pencil": _("№ ставит тот, кто вводит") if form.anonymous else "",
        "introduction": form.introduction[language],
        "about": _about(form, language),
        "how": _how(form),
        "pages": [_page(form, page, language) for page in form.pages],
        "end": _end(form),
    }
    return pdf(TEMPLATE, told)


def _about(form: Form, language: str) -> list[list[str]]:
    minutes = counted(form.minutes, "минута,минуты,минут")
    will = _("Отвечать не обязательно; любой вопрос можно пропустить.") if form.voluntary else ""
    return [
        [_("Сколько времени"), f"{minutes}. {will}".strip()],
        [_("Зачем"), form.purpose[language]],
        [_("Кто увидит"), form.used_by[language]],
        [_("Основание"), form.legal_basis[language]],
    ]


def _how(form: Form) -> list[str]:
    said = [
        _("Ставьте крестик в квадрате. Ошиблись — закрасьте квадрат и поставьте крестик в другом."),
    ]
    if form.anonymous:
        said.append(_("Цифры у квадратов нужны тому, кто будет вводить ответы в компьютер."))
        said.append(_("Имени, подписи и других отметок не ставьте."))
        said.append(_("Слова пишите печатными буквами: так не узнать почерк."))
    return said


def _end(form: Form) -> str:
    """Say what to do with a filled sheet."""
    if not form.anonymous:
        return _("Спасибо! Ответы с этого листа вводите вы сами, на странице анкеты.")
    if form.audience == "teacher":
        return _(
            "Спасибо! Не подписывайте лист. Сложите его и опустите в закрытый ящик или конверт: в школе его "
            "не вскрывают, ответы введёт муниципальный координатор или куратор."
        )
    return _(
        "Спасибо! Не подписывайте лист. Сложите его и сами опустите в закрытый ящик или конверт: листы "
        "перемешают, прежде чем вводить."
    )


def _page(form: Form, page: Page, language: str) -> dict[str, Any]:
    skips, numbers = skip_words(form, language), question_numbers(form)
    return {
        "title": page.title[language],
        "text": page.text[language] if page.text else "",
        "items": [
            _item(form, item, language) | {"number": numbers[item.name], "skip": skips.get(item.name, "")}
            for item in page.items
        ],
    }


def _item(form: Form, item: Item, language: str) -> dict[str, Any]:
    kind = "number" if item.kind in NUMBERS else "words" if item.kind == "text" else "boxes"
    answers = [[str(digit), said[language]] for digit, said in digits(item).items()]
    numbers = place_numbers(form)
    help = item.help[language] if item.help else ""
    if item.kind == "choices" and item.most is not None:
        help = " ".join([help, _("Не больше {most}.").format(most=item.most)]).strip()
    elif item.kind == "choices" and not help:
        help = _("Можно выбрать несколько.")
    return {
        "kind": kind,
        "text": item.text[language],
        "help": help,
        "unit": "%" if item.kind == "share" else "",
        "is_scale": item.scale is not None,
        "answers": [*answers, *([["–", _("не знаю")]] if item.dont_know and kind != "words" else [])],
        "rows": [[numbers[f"{item.name}.{row.name}"], row.text[language]] for row in item.rows],
    }
