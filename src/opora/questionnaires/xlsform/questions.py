"""Rows of the sheet survey as pages and questions; what a questionnaire cannot hold is told and left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from opora.language import _
from opora.questionnaires.form import (
    MOST_COUNT,
    MOST_SHARE,
    Condition,
    Every,
    Item,
    Option,
    Page,
)
from opora.questionnaires.reading import NAME, OPTION
from opora.questionnaires.xlsform.bounds import read_bounds
from opora.questionnaires.xlsform.columns import Languages
from opora.questionnaires.xlsform.expressions import NotRead
from opora.questionnaires.xlsform.lists import Answers, Lists
from opora.questionnaires.xlsform.relevance import Known, read_condition
from opora.questionnaires.xlsform.sheets import Row
from opora.questionnaires.xlsform.writing import OWN, YES

Texts = dict[str, str]
LONGEST_NUMBER = 9  # digits
TRUE = (YES, "true", "true()", "1")
FALSE = ("", "no", "false", "false()", "0")
WHO_AND_WHEN = (
    *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email"),
    *("audit", "start-geopoint", "background-audio", "background-geopoint"),
)


class NotCarried(Exception):
    """A row cannot be carried over. The sentence says why and what could be done."""


@dataclass
class OpenPage:
    """A page that is being read."""

    title: Texts
    text: Texts = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """A group that is open, and under which condition its questions are asked."""

    title: Texts
    asked_if: Condition | None


class Survey:
    """Goes through the rows once; ``not_carried`` gets everything that could not be carried over."""

    def __init__(self, languages: Languages, choices: Sequence[Row], not_carried: list[str]) -> None:
        self.languages = languages
        self.not_carried = not_carried
        self.lists = Lists(languages, choices, not_carried)
        self.about: dict[str, Texts] = {}
        self.open: list[OpenPage] = []
        self.groups: list[Group] = []
        self.known: dict[str, Known] = {}
        self.names: set[str] = set()
        self.rows: dict[str, int] = {}  # of questions and notes: their row on the sheet
        self.fresh = True  # the next question begins a page

    @property
    def pages(self) -> tuple[Page, ...]:
        """Give the pages that were read."""
        return tuple(Page(page.title, page.text, tuple(page.items)) for page in self.open)

    def read(self, rows: Sequence[Row]) -> None:
        """Read the rows from the first to the last."""
        place = 0
        while place < len(rows):
            row = rows[place]
            kind = " ".join(row.get("type").split())
            plain = kind.lower().replace("begin ", "begin_").replace("end ", "end_")
            end = _end_of_group(rows, place) if plain.startswith("begin_") else place
            if plain == "begin_repeat":
                self.leave(row, _("повторы вопросов (repeat) не переносятся, с ними и всё, что внутри"))
            elif plain == "begin_group" and self.is_matrix(row, rows[place + 1 : end]):
                self.take(row, lambda r=row, inside=rows[place + 1 : end]: self.matrix(r, inside))
            else:
                end = place
                self.row(row, plain, kind)
            place = end + 1

    def leave(self, row: Row, why: str) -> None:
        """Remember what could not be carried over."""
        self.not_carried.append(row.said(why))

    def row(self, row: Row, plain: str, kind: str) -> None:
        """Read a row that stands for itself."""
        if plain == "begin_group":
            self.begin(row)
        elif plain in ("end_group", "end_repeat"):
            self.groups = self.groups[:-1]
            self.fresh = True
        elif plain == "note":
            self.note(row)
        else:
            self.take(row, lambda: self.question(row, kind))

    def begin(self, row: Row) -> None:
        """Begin a group: a page of its own; what is inside is asked under its condition too."""
        title = self.text(row, "label") if row.get("name") != f"{OWN}about" else {}
        self.groups.append(Group(title, self.condition(row)))
        self.fresh = True
        if row.get("name").startswith(f"{OWN}page."):
            self.page()

    def page(self) -> OpenPage:
        """Give the page on which the next row stands."""
        if self.fresh:
            titles = [group.title for group in self.groups if group.title]
            self.open.append(OpenPage(titles[-1] if titles else {}))
            self.fresh = False
        return self.open[-1]

    def note(self, row: Row) -> None:
        """Read a note: what people are told at first, or a page's text; after a question it begins a page."""
        if row.get("name").startswith(OWN) and not row.get("name").startswith(f"{OWN}page."):
            self.about[row.get("name")] = self.text(row, "label")
            self.rows[row.get("name")] = row.number
            return
        if row.get("relevant").strip():
            self.leave(row, _("условие показа у пояснения не переносится: оно показывается всегда"))
        if not self.fresh and self.open[-1].items:
            self.fresh = True
        page, text = self.page(), self.text(row, "label")
        page.text = {one: " ".join([page.text.get(one, ""), said]).strip() for one, said in text.items()}

    def take(self, row: Row, reading: Any) -> None:
        """Read a question and put it on its page, or say why it is left out."""
        try:
            item = reading()
        except NotCarried as why:
            self.leave(row, str(why))
            return
        self.names.add(item.name)
        self.rows[item.name] = row.number
        self.page().items.append(item)

    def text(self, row: Row, what: str) -> Texts:
        """Read a text in every language; where one lacks it is told, and another stands for it."""
        said = self.languages.said(row, what)
        for language in self.languages.missing(said) if said else ():
            message = _("нет текста на языке «{language}» ({what}): взят другой язык")
            self.leave(row, message.format(language=language, what=what))
        return self.languages.filled(said)

    def name(self, row: Row) -> str:
        """Read the name of a question."""
        name = row.get("name").strip()
        if not NAME.fullmatch(name):
            said = _("вопрос с именем «{name}» не переносится: допустимы латинские буквы, цифры, «_» и «-»")
            raise NotCarried(said.format(name=name))
        if name in self.names:
            raise NotCarried(_("вопрос «{name}» уже есть").format(name=name))
        return name

    def condition(self, row: Row) -> Condition | None:
        """Read under which condition a row is asked, that of its groups included."""
        own: Condition | None = None
        if text := row.get("relevant").strip():
            try:
                own = read_condition(text, self.known)
            except NotRead as why:
                self.leave(row, _("{why}; без него спрашивается всегда").format(why=why))
        outer = self.groups[-1].asked_if if self.groups else None
        if outer is None or own is None:
            return own or outer
        return Every((outer, own))

    def required(self, row: Row) -> bool:
        """Read whether an answer is required."""
        said = row.get("required").strip().lower()
        if said not in (*TRUE, *FALSE):
            self.leave(row, _("обязательность по условию не переносится: отвечать не обязательно"))
        return said in TRUE

    def shared(self, row: Row) -> dict[str, Any]:
        """Read what every question has."""
        name = self.name(row)
        text = self.text(row, "label")
        if not text:
            self.leave(row, _("у вопроса нет текста (label): вместо него стоит имя"))
        return {
            "name": name,
            "text": text or dict.fromkeys(self.languages.all, name),
            "help": self.text(row, "hint"),
            "dont_know": row.get("opora_dont_know") == YES,
            "reversed": row.get("opora_reversed") == YES,
            "asked_if": self.condition(row),
        }

    def question(self, row: Row, kind: str) -> Item:
        """Read a question that is no matrix."""
        word, _space, rest = kind.partition(" ")
        if word in ("select_one", "select_multiple"):
            return self.choice(row, word, rest)
        if word not in ("integer", "range", "text"):
            raise NotCarried(_not_held(word))
        own = row.get("opora_type")
        of_number = own if own in ("count", "share") and word == "integer" else "count"
        item = Item(
            kind="text" if word == "text" else of_number, required=self.required(row), **self.shared(row)
        )
        if word == "range":
            item = self.ranged(row, item)
        return self.learnt(self.bounded(row, item))

    def choice(self, row: Row, word: str, rest: str) -> Item:
        """Read a choice of one or of many, or a question on a scale of our own."""
        shared = self.shared(row)
        list_name, _space, other = rest.partition(" ")
        answers = self.answers(list_name)
        if other:
            self.leave(row, _("«{other}» не переносится: свой ответ здесь не вписать").format(other=other))
        shared |= {"dont_know": shared["dont_know"] or answers.dont_know, "required": self.required(row)}
        if row.get("opora_type") in ("agreement", "frequency") and word == "select_one":
            scale = self.lists.scale(answers, row.get("opora_scale"))
            return self.learnt(Item(kind=row.get("opora_type"), scale=scale, **shared), answers.names)
        if wrong := [name for name in answers.names if not OPTION.fullmatch(name)]:
            said = _("имя ответа «{name}» в списке «{list}»: допустимы латинские буквы, цифры, «_» и «-»")
            raise NotCarried(said.format(name=wrong[0], list=list_name))
        kind = "choice" if word == "select_one" else "choices"
        return self.learnt(self.bounded(row, Item(kind=kind, options=answers.options, **shared)))

    def answers(self, list_name: str) -> Answers:
        """Find a list of answers."""
        answers = self.lists.found(list_name)
        if answers is None:
            raise NotCarried(_("нет списка ответов «{list}» на листе «choices»").format(list=list_name))
        return answers

    def ranged(self, row: Row, item: Item) -> Item:
        """Read the ends of a range; steps other than one are no whole numbers of ours."""
        told = dict(part.partition("=")[::2] for part in row.get("parameters").split())
        ends = [told.get("start", "0"), told.get("end", "10"), told.get("step", "1")]
        whole = all(end.isascii() and end.isdigit() and len(end) < LONGEST_NUMBER for end in ends)
        if not whole or ends[2] != "1" or not int(ends[0]) <= int(ends[1]) <= MOST_COUNT:
            raise NotCarried(_("шкала «range» не переносится: нужны целые числа от 0 и шаг 1"))
        return replace(item, least=int(ends[0]), most=int(ends[1]))

    def bounded(self, row: Row, item: Item) -> Item:
        """Read the constraint of a number or of a choice of many."""
        try:
            least, most = read_bounds(row.get("constraint"), item.kind, item.dont_know)
            if least is None and most is None:
                return item
            least = item.least if least is None else least
            most = item.most if most is None else most
            top = {"share": MOST_SHARE, "choices": len(item.options)}.get(item.kind, MOST_COUNT)
            if not 0 <= (least or 0) <= (top if most is None else most) <= top:
                said = _("ограничение «{text}» не переносится: допустимо от 0 до {top}")
                raise NotRead(said.format(text=row.get("constraint")[:200], top=top))
        except NotRead as why:
            self.leave(row, str(why))
            return item
        return replace(item, least=least, most=most)

    def learnt(self, item: Item, steps: Sequence[str] = ()) -> Item:
        """Let later conditions rest on an item."""
        fields = {
            found.name.rpartition(".")[2] if found.kind == "flag" else "": found for found in item.fields
        }
        if item.kind != "text":
            self.known[item.name] = Known(item.name, fields, tuple(steps))
        return item

    def is_matrix(self, row: Row, inside: Sequence[Row]) -> bool:
        """Tell whether a group is a table of questions with the same answers."""
        if row.get("opora_type") != "matrix" and "table-list" not in row.get("appearance").split():
            return False
        kinds = {" ".join(one.get("type").split()) for one in inside}
        return len(kinds) == 1 and next(iter(kinds)).startswith("select_one ")

    def matrix(self, row: Row, inside: Sequence[Row]) -> Item:
        """Read a table of questions with the same answers."""
        shared = self.shared(row)
        answers = self.answers(inside[0].get("type").split()[1])
        scale = self.lists.scale(answers, row.get("opora_scale"))
        rows: dict[str, Option] = {}
        for one in inside:
            name = one.get("name").strip().removeprefix(f"{shared['name']}.")
            if not OPTION.fullmatch(name) or name in rows:
                raise NotCarried(
                    _("строка таблицы «{name}» названа не так или повторяется").format(name=name)
                )
            if one.get("relevant").strip():
                self.leave(one, _("условие у строки таблицы не переносится: она спрашивается всегда"))
            text = self.text(one, "label") or dict.fromkeys(self.languages.all, name)
            rows[name] = Option(name, text)
        required = [self.required(one) for one in inside]
        if any(required) and not all(required):
            self.leave(row, _("обязательна только часть строк таблицы: перенесена необязательной"))
        shared |= {"dont_know": shared["dont_know"] or answers.dont_know, "required": all(required)}
        item = Item(kind="matrix", scale=scale, rows=tuple(rows.values()), **shared)
        for one, found in zip(inside, item.fields, strict=True):
            self.known[one.get("name").strip()] = Known(found.name, {"": found}, answers.names)
        return item


def _end_of_group(rows: Sequence[Row], begin: int) -> int:
    """Find the row that closes a group; the last one, where nothing does."""
    depth = 0
    for place in range(begin, len(rows)):
        kind = rows[place].get("type").strip().lower()
        depth += kind.startswith("begin") - kind.startswith("end_") - kind.startswith("end ")
        if depth == 0:
            return place
    return len(rows) - 1


def _not_held(word: str) -> str:
    if word.lower() in WHO_AND_WHEN:
        said = _("«{kind}» не переносится: он записывает, кто, где и когда отвечал")
    else:
        said = _(
            "вопрос вида «{kind}» не переносится; можно select_one, select_multiple, integer, range, text"
        )
    return said.format(kind=word)
