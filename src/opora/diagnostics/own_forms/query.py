"""The data of the pages of questionnaires."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language

from opora.accounts.models import User
from opora.diagnostics.access import own_forms, visible_campaigns, visible_forms
from opora.diagnostics.answering.query import NAMES
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.pages import Asked, FormHead, FormPage, FormsPage, Sheet, SurveyTie
from opora.diagnostics.own_forms.reading import draft_of
from opora.diagnostics.questionnaires import load
from opora.diagnostics.wording import group_of, place_name
from opora.language import _
from opora.questionnaires.editions import shipped
from opora.questionnaires.form import Form, Item, Text
from opora.questionnaires.numbering import question_numbers
from opora.questionnaires.publishing import placed_hindrances
from opora.questionnaires.skips import skip_words
from opora.questionnaires.xlsform.places import placed
from opora.registry.access import has_deed
from opora.ui.components import Crumb

MOST_TIES = 3  # surveys that a row names
SHIPPED = "shipped"
Ties = Mapping[str, list[SurveyTie]]


def forms_page(viewer: User, today: date) -> FormsPage:
    """Answer the questionnaires that come with Opora, and the own ones that somebody sees."""
    ties = _ties(viewer, today)
    own = visible_forms(viewer, today).defer("text").select_related("region", "municipality")
    return FormsPage(
        own=tuple(_own_head(one, ties) for one in own),
        shipped=tuple(_shipped_head(load(name), ties) for name in shipped()),
        may_bring=has_deed(viewer, "run_surveys", today),
    )


def _ties(viewer: User, today: date) -> Ties:
    found: dict[str, list[SurveyTie]] = {}
    for pk, title, names in visible_campaigns(viewer, today).values_list("pk", "title", "forms"):
        for name in names:
            found.setdefault(name, []).append(SurveyTie(pk, title))
    return found


def _own_head(one: OwnForm, ties: Ties) -> FormHead:
    mine = ties.get(one.name, [])
    return FormHead(
        name=one.name,
        title=said_in(one.title, get_language() or "ru") or _("без названия"),
        group=group_of(one.audience, ()),
        place=place_name(one),
        languages=tuple(NAMES.get(code, code) for code in one.languages),
        minutes=one.minutes,
        state=str(one.state),
        surveys=tuple(mine[:MOST_TIES]),
        more=max(0, len(mine) - MOST_TIES),
    )


def _shipped_head(form: Form, ties: Ties) -> FormHead:
    mine = ties.get(form.name, [])
    return FormHead(
        name=form.name,
        title=said_in(form.title, get_language() or "ru"),
        group=group_of(form.audience, form.grades),
        place="",
        languages=tuple(NAMES.get(code, code) for code in form.languages),
        minutes=form.minutes,
        state=SHIPPED,
        surveys=tuple(mine[:MOST_TIES]),
        more=max(0, len(mine) - MOST_TIES),
    )


def said_in(text: Text, language: str) -> str:
    """Say a text in a language, or in the first that it has. Empty: "" where a draft does not say it."""
    return text.get(language) or text.get("ru") or next(iter(text.values()), "")


def form_page(viewer: User, today: date, found: OwnForm | Form, language: str) -> FormPage:
    """Answer one questionnaire; an own one is one that they see, its places and its person read."""
    own = found if isinstance(found, OwnForm) else None
    form = draft_of(own.text, own.name) if own else found
    assert isinstance(form, Form)
    spoken = language if language in form.languages else (get_language() or "ru")
    spoken = spoken if spoken in form.languages else form.languages[0]
    ties = _ties(viewer, today)
    head = _own_head(own, ties) if own else _shipped_head(form, ties)
    is_draft = own is not None and own.state == OwnForm.State.DRAFT
    hindrances = placed_hindrances(form) if is_draft else ()
    return FormPage(
        head=head,
        crumbs=(*crumbs(), Crumb(head.title)),
        language=spoken,
        languages=tuple((code, NAMES.get(code, code), code == spoken) for code in form.languages),
        introduction=said_in(form.introduction, spoken),
        purpose=said_in(form.purpose, spoken),
        legal_basis=said_in(form.legal_basis, spoken),
        used_by=said_in(form.used_by, spoken),
        promises=tuple(_promises(form)),
        sheets=tuple(_sheets(form, spoken)),
        count=len(form.items),
        may_keep=own is not None and own_forms(viewer, today).filter(pk=own.pk).exists(),
        seen=own.digest if own else "",
        by=own.by.full_name if own else "",
        at=own.at if own else None,
        hindrances=tuple(placed(one, own.rows if own else {}) for one in hindrances),
        not_carried=tuple(own.not_carried) if own and is_draft else (),
    )


def crumbs() -> tuple[Crumb, ...]:
    """Answer the way to the questionnaires."""
    return (
        Crumb(_("Опросы"), reverse("diagnostics:campaigns")),
        Crumb(_("Анкеты"), reverse("diagnostics:forms")),
    )


def _promises(form: Form) -> Iterator[str]:
    yield _("добровольная") if form.voluntary else _("обязательная")
    yield _("безымянная") if form.anonymous else _("не безымянная")


def _sheets(form: Form, language: str) -> Iterator[Sheet]:
    numbers, skips = question_numbers(form), skip_words(form, language)
    for page in form.pages:
        questions = tuple(
            _asked(item, numbers[item.name], skips.get(item.name, ""), language) for item in page.items
        )
        yield Sheet(said_in(page.title, language), said_in(page.text, language), questions)


def _asked(item: Item, number: int, skip: str, language: str) -> Asked:
    answers = item.scale.steps if item.scale else tuple(option.text for option in item.options)
    unsure = (_("Не знаю"),) if item.dont_know and answers else ()
    return Asked(
        number=number,
        text=said_in(item.text, language),
        help=said_in(item.help, language),
        kind=_kind(item),
        answers=(*_said_all(answers, language), *unsure),
        lines=_said_all((row.text for row in item.rows), language),
        skip=skip,
        is_required=item.required,
    )


def _said_all(texts: Iterable[Text], language: str) -> tuple[str, ...]:
    return tuple(said_in(one, language) for one in texts)


def _kind(item: Item) -> str:
    if item.kind in ("count", "share"):
        least, most = item.bounds
        said = _("процент, от {least} до {most}") if item.kind == "share" else _("число от {least} до {most}")
        told_range = said.format(least=least, most=most)
        return _("{number} или «Не знаю»").format(number=told_range) if item.dont_know else told_range
    told = {
        "matrix": _("таблица: в каждой строке один ответ"),
        "choices": _("несколько ответов"),
        "text": _("ответ словами"),
    }
    return told.get(item.kind, _("один ответ"))
