"""The data of the page on which a sheet is typed, and of the one on which two entries are compared."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from opora.accounts.models import User
from opora.diagnostics.campaigns.query import campaign_head
from opora.diagnostics.models import PaperPack, PaperSheet
from opora.diagnostics.numbers import MOST_SHEETS
from opora.diagnostics.paper.actions import FIRST, SECOND
from opora.diagnostics.paper.pages import Blank, Key, SheetPage
from opora.diagnostics.paper.query import crumbs, free_number, paper_crumb
from opora.diagnostics.questionnaires import load
from opora.diagnostics.wording import form_title
from opora.language import _
from opora.questionnaires.form import NUMBERS, Form, Item
from opora.questionnaires.marks import SPOILED, UNKNOWN, differing, mark_words, places, typed_of
from opora.questionnaires.numbering import digits, place_numbers
from opora.questionnaires.skips import skip_words
from opora.questionnaires.writing import condition_data
from opora.ui.components import Crumb, Wrong

APART = "apart"  # beside first and second: the places on which the two entries differ


@dataclass(frozen=True)
class Given:
    """What was typed into a page and is shown again, with what is wrong: place → sentence."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    changed_meanwhile: bool = False


@dataclass(frozen=True)
class At:
    """Which sheet of a pack is typed, its link, campaign and school read, and which time."""

    pack: PaperPack
    number: int
    turn: str


def sheet_page(viewer: User, today: date, at: At, given: Given | None = None) -> SheetPage | None:
    """Answer a sheet to type.

    The first entry is shown to whoever made it alone; the second shows nothing of the first.
    Empty: None, where there is no such sheet to type.
    """
    pack, number, turn, moved = at.pack, at.number, at.turn, 0
    sheet = pack.entries.filter(number=number).first()
    if turn == FIRST and sheet is not None and sheet.first_by_id != viewer.pk:
        if given is None:
            return None
        number = moved = free_number(list(pack.entries.values_list("number", flat=True)))
        sheet = None
    if not _may_be_typed(sheet, turn, viewer, given) or (turn == FIRST and not 0 < number <= MOST_SHEETS):
        return None
    form, language = load(pack.link.form), _spoken(pack)
    typed = given.typed if given else _typed(form, sheet, turn)
    faults = given.faults if given else {}
    blanks = tuple(_blanks(form, language, typed, faults, words=turn == FIRST))
    if turn == APART and sheet is not None:
        blanks = _only_apart(form, language, sheet, blanks)
    return SheetPage(
        head=campaign_head(pack.link.campaign, today),
        crumbs=_crumbs(pack, number),
        pack=pack.pk,
        pack_number=pack.number,
        title=form_title(pack.link.form),
        number=number,
        turn=turn,
        version=sheet.version if sheet else 0,
        blanks=blanks,
        by_one=turn == SECOND and sheet is not None and sheet.first_by_id == viewer.pk,
        is_kept=sheet is not None and (turn == FIRST or (turn == SECOND and sheet.second is not None)),
        wrong=tuple(_wrong(one) for one in blanks if one.error),
        changed_meanwhile=bool(given and given.changed_meanwhile),
        moved_to=moved,
    )


def _may_be_typed(sheet: PaperSheet | None, turn: str, viewer: User, given: Given | None) -> bool:
    if turn == FIRST:
        return True
    if sheet is None:
        return False
    if turn == SECOND:
        return sheet.second_by_id in (None, viewer.pk) or given is not None
    return sheet.second is not None and sheet.differing > 0


def _spoken(pack: PaperPack) -> str:
    language, known = get_language() or "ru", load(pack.link.form).languages
    return language if language in known else "ru"


def _typed(form: Form, sheet: PaperSheet | None, turn: str) -> dict[str, str]:
    if sheet is None:
        return {}
    marks = {FIRST: sheet.first, SECOND: sheet.second or {}, APART: sheet.said}[turn]
    return typed_of(form, marks)


def _blanks(
    form: Form, language: str, typed: Mapping[str, str], faults: Mapping[str, str], words: bool
) -> Iterator[Blank]:
    numbers, skips, shown = place_numbers(form), skip_words(form, language), ""
    rows = {
        place: row.text[language]
        for item in form.items.values()
        for place, row in zip(item.places, item.rows, strict=False)
    }
    for place, item in places(form, words):
        least, most = item.bounds if item.kind in NUMBERS else (None, None)
        yield Blank(
            place=place,
            number=numbers[place],
            text=item.text[language],
            row=rows.get(place, ""),
            kind=_kind(item),
            keys=tuple(_keys(item, language)),
            least=least,
            most=most,
            value=typed.get(place, ""),
            error=faults.get(place, ""),
            is_first_of_item=item.name != shown,
            item=item.name,
            skip=skips.get(item.name, "") if item.name != shown else "",
            asked_if=_condition(item),
            names=" ".join(item.option_names),
        )
        shown = item.name


def _kind(item: Item) -> str:
    kinds = {"choices": "many", "text": "words", **dict.fromkeys(NUMBERS, "number")}
    return kinds.get(item.kind, "one")


def _keys(item: Item, language: str) -> Iterator[Key]:
    for digit, said in digits(item).items():
        yield Key(str(digit), said[language])
    if item.dont_know:
        yield Key(UNKNOWN, _("не знаю"))


def _condition(item: Item) -> str:
    return json.dumps(condition_data(item.asked_if), separators=(",", ":")) if item.asked_if else ""


def _only_apart(form: Form, language: str, sheet: PaperSheet, blanks: tuple[Blank, ...]) -> tuple[Blank, ...]:
    """Leave the places on which the entries differ, with what each of the two says."""
    items = dict(places(form))
    apart = differing(form, sheet.first, sheet.second or {})
    marks: tuple[Mapping[str, Any], ...] = (sheet.first, sheet.second or {})
    return tuple(
        replace(
            one,
            is_first_of_item=True,
            asked_if="",
            skip="",
            said=tuple(mark_words(items[one.place], told.get(one.place), language) for told in marks),
        )
        for one in blanks
        if one.place in apart
    )


def _wrong(blank: Blank) -> Wrong:
    said = _("Вопрос {number}: {what}").format(number=blank.number, what=blank.error)
    return Wrong(said, f"#at-{blank.place}")


def _crumbs(pack: PaperPack, number: int) -> tuple[Crumb, ...]:
    link = pack.link
    name = _("Пачка {number}").format(number=pack.number)
    return crumbs(
        link,
        paper_crumb(link),
        Crumb(name, reverse("diagnostics:pack", args=(pack.pk,))),
        Crumb(_("Лист {number}").format(number=number)),
    )


def lacking(form: Form, sheet: PaperSheet, said: Mapping[str, Any]) -> dict[str, str]:
    """Say at which places on which the entries differ nothing was decided."""
    words = _("Посмотрите на лист и введите, что на нём; пусто или не разобрать — «{spoiled}».")
    apart = differing(form, sheet.first, sheet.second or {})
    return {place: words.format(spoiled=SPOILED) for place in apart if place not in said}
