"""What hinders a questionnaire from being given to people (публикация анкеты), in sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opora.language import _
from opora.methodology.marked import read
from opora.methodology.parameters import read_parameters, shipped_sources
from opora.questionnaires.form import AUDIENCES, Form, Item, Text

OF_THEIR_OWN_WILL = ("teacher", "pupil", "parent")
ALONE = ("director", "psychologist")  # one or two at a school: whoever answers is known
ASKS_WHO = re.compile(
    r"\b(ФИО|фамили\w*|отчеств\w*|как\s+(?:тебя|вас|его|её|их)\s+зовут|имя|имена|телефон\w*|адрес\w*|"
    r"(?:sur|first |last |full )?names?|phone\w*|e-?mail\w*|address\w*)\b",
    re.IGNORECASE,
)
WARNS = {
    "ru": re.compile(r"им[её]н|имена|фамили", re.IGNORECASE),
    "en": re.compile(r"\bnames?\b", re.IGNORECASE),
}
LEAST_STEPS = 2  # of a scale
NUMBERS = Path(__file__).with_name("numbers.yaml")


@dataclass(frozen=True)
class Hindrance:
    """What hinders, in a sentence. at: what is to be mended — the name of a question, or of what is said of
    the whole as an XLSForm calls it (``opora_minutes``, ``opora.purpose``)."""

    said: str
    at: str


def hindrances(form: Form) -> list[str]:
    """Tell everything for which a questionnaire may not be published; nothing to tell lets it be.

    A form for teachers, pupils or parents must be voluntary and anonymous: a teacher makes no documents but
    those that the law lists. Empty: [].
    Source: facts 7.3 (Education Act, article 47, parts 6.1 and 6.2; order 779 of 6 November 2024).
    """
    return [one.said for one in placed_hindrances(form)]


def placed_hindrances(form: Form) -> list[Hindrance]:
    """Tell the same, each with what is to be mended. Empty: []."""
    return [*_promises(form), *_unsaid(form), *_shape(form), *_time(form), *_words(form)]


def _promises(form: Form) -> Iterator[Hindrance]:
    own_will = {
        "teacher": _(
            "Анкета учителя должна быть добровольной: в перечень документов, которые готовит учитель, она не "
            "входит (статья 47, части 6.1 и 6.2 закона № 273-ФЗ; приказ Минпросвещения от 06.11.2024 № 779)."
        ),
        "pupil": _("Анкета ученика должна быть добровольной."),
        "parent": _("Анкета родителя должна быть добровольной."),
    }
    if form.audience in own_will and not form.voluntary:
        yield Hindrance(own_will[form.audience], "opora_voluntary")
    if form.audience in OF_THEIR_OWN_WILL and not form.anonymous:
        said = _("Анкета учителя, ученика и родителя должна быть безымянной.")
        yield Hindrance(said, "opora_anonymous")
    if form.audience in ALONE and form.anonymous:
        said = _("Отвечает один человек в школе, его узнают: не обещайте, что анкета безымянна.")
        yield Hindrance(said, "opora_anonymous")
    if form.voluntary:
        for item in form.items.values():
            if item.required:
                said = _("Анкета добровольна, а вопрос «{name}» обязателен: снимите с него «required».")
                yield Hindrance(said.format(name=item.name), item.name)


def _unsaid(form: Form) -> Iterator[Hindrance]:
    if form.audience not in AUDIENCES:
        said = _("Не сказано, кому анкета; допустимо: {known}.").format(known=", ".join(AUDIENCES))
        yield Hindrance(said, "opora_audience")
    if not form.status:
        yield Hindrance(_("Не сказано, откуда взята анкета (status)."), "opora_status")
    if not form.items:
        yield Hindrance(_("В анкете нет ни одного вопроса."), "")
    needed: dict[str, tuple[Text, str]] = {
        "title": (form.title, _("названия анкеты")),
        "introduction": (form.introduction, _("вступления")),
        "purpose": (form.purpose, _("цели опроса")),
        "legal_basis": (form.legal_basis, _("правового основания")),
        "used_by": (form.used_by, _("сведений о том, кто увидит ответы")),
    }
    for key, (text, what) in needed.items():
        for language in form.languages:
            if not text.get(language, "").strip():
                said = _("Нет {what} ({key}) на языке «{language}».")
                yield Hindrance(said.format(what=what, key=key, language=language), f"opora.{key}")


def _shape(form: Form) -> Iterator[Hindrance]:
    """Tell what a page of a questionnaire cannot do without."""
    if "ru" not in form.languages:
        yield Hindrance(_("Среди языков анкеты должен быть русский (ru)."), "opora_languages")
    for number, page in enumerate(form.pages, 1):
        if not page.title:
            said = _("У страницы {number} нет названия: назовите группу вопросов.")
            first = page.items[0].name if page.items else ""
            yield Hindrance(said.format(number=number), first)
    for item in form.items.values():
        if item.scale and len(item.scale.steps) < LEAST_STEPS:
            said = _("У вопроса «{name}» в шкале меньше двух ступеней: допишите ответы.")
            yield Hindrance(said.format(name=item.name), item.name)


def seconds_needed(form: Form) -> int:
    """Estimate how long a questionnaire takes. Units: seconds, by a rule of thumb from ``numbers.yaml``."""
    return sum(_seconds(item) for item in form.items.values())


def _seconds(item: Item) -> int:
    if item.kind == "text":
        return number("seconds_text")
    rows = len(item.rows) if item.kind == "matrix" else len(item.options) if item.kind == "choices" else 0
    return number("seconds_question") + rows * number("seconds_row")


def _time(form: Form) -> Iterator[Hindrance]:
    for said in _minutes_said(form):
        yield Hindrance(said, "opora_minutes")


def _minutes_said(form: Form) -> Iterator[str]:
    needed = seconds_needed(form)
    if form.minutes < 1:
        yield _("Не сказано, сколько минут занимает анкета.")
    elif needed > form.minutes * 60:
        said = _("Названо минут: {said}, а на столько вопросов нужно около {needed}: скажите больше.")
        yield said.format(said=form.minutes, needed=_minutes(needed))
    elif form.minutes * 60 > max(needed, 60) * number("times_longer"):
        said = _("Названо минут: {said}, а на столько вопросов нужно около {needed}: скажите меньше.")
        yield said.format(said=form.minutes, needed=_minutes(needed))
    longest = number(f"longest_{form.audience}") if form.audience in AUDIENCES else form.minutes
    if form.minutes > longest:
        said = _("Анкета занимает {minutes} мин., допустимо не больше {longest}: уберите вопросы.")
        yield said.format(minutes=form.minutes, longest=longest)


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _words(form: Form) -> Iterator[Hindrance]:
    if not form.anonymous:
        return
    for item in (item for item in form.items.values() if item.kind == "text"):
        if any(ASKS_WHO.search(said) for said in item.text.values()):
            said = _("Вопрос «{name}» спрашивает, кто отвечает, а анкета безымянна: уберите его.")
            yield Hindrance(said.format(name=item.name), item.name)
        for language in form.languages:
            if not _warns(item.help.get(language, ""), language):
                said = _(
                    "Вопрос «{name}»: в пояснении (help) на языке «{language}» скажите, что имён не пишут."
                )
                yield Hindrance(said.format(name=item.name, language=language), item.name)


def _warns(said: str, language: str) -> bool:
    """Tell whether a help warns of names; in a language that we cannot read, whether it says anything."""
    return bool(WARNS[language].search(said)) if language in WARNS else bool(said.strip())


@cache
def _numbers() -> dict[str, int]:
    parameters = read_parameters(read(NUMBERS.read_text(encoding="utf-8"), NUMBERS.name), shipped_sources())
    return {name: int(parameter.values[-1].number) for name, parameter in parameters.items()}


def number(name: str) -> int:
    """Give a number of ``numbers.yaml``."""
    return _numbers()[name]
