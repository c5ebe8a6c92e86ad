"""Reads a questionnaire from YAML; every fault of the file is told in one pass, with its line."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from opora.language import _
from opora.methodology.marked import EditionError, Node, read, unknown
from opora.questionnaires.form import (
    AUDIENCES,
    DONT_KNOW,
    MOST_COUNT,
    MOST_SHARE,
    NUMBERS,
    ON_SCALE,
    TYPES,
    Condition,
    Every,
    Field,
    Form,
    Item,
    Option,
    Page,
    Scale,
    Some,
    Test,
    Text,
)

T = TypeVar("T")
NAME = re.compile("[A-Za-z_][A-Za-z0-9_-]*")  # what columns, XLSForm and the page's own program take
OPTION = re.compile("[A-Za-z0-9_][A-Za-z0-9_-]*")
LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]+)*")
OWN_TEXT = "own text"  # of a region or municipality: neither the operator's nor ours
STATUSES = ("official text", "reconstructed", "Opora default", OWN_TEXT)
SAID = ("title", "introduction", "purpose", "legal_basis", "used_by")
FORM = (
    "name", "year", "audience", "languages", "status", *SAID, "minutes", "voluntary", "anonymous", "pages",
)  # fmt: skip
OF_A_DRAFT = ("name", "year", "languages", "voluntary", "anonymous", "pages")  # all that a draft must say
ITEM_OPTIONAL = (
    "help", "scale", "options", "rows", "required", "dont_know", "reversed", "least", "most", "asked_if",
)  # fmt: skip
NEEDS = {"matrix": ("scale", "rows"), "choice": ("options",), "choices": ("options",)}
NEEDS |= {kind: ("scale",) for kind in ON_SCALE if kind != "matrix"}


ONLY_OF = {"scale": ON_SCALE, "rows": ("matrix",), "options": ("choice", "choices")}


class FormError(ValueError):
    """A questionnaire cannot be read as it stands. faults: everything that is wrong, in the file's order."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_form(text: str, where: str, *, is_draft: bool = False) -> Form:
    """Read a questionnaire; ``where`` is how its file is called in complaints.

    A draft may leave unsaid what ``publishing`` asks for before people are given it.
    Raises: FormError.
    """
    reader = _Reader(is_draft)
    root = reader.attempt(lambda: read(text, where))
    form = reader.attempt(lambda: reader.form(root)) if root else None
    if reader.faults or form is None:
        raise FormError(reader.faults)
    return form


class _Reader:
    """Goes on after a fault, so that all are found; what could not be read is left out meanwhile."""

    def __init__(self, is_draft: bool = False) -> None:
        self.is_draft = is_draft
        self.faults: list[str] = []
        self.languages: tuple[str, ...] = ()
        self.scales: dict[str, Scale] = {}
        self.fields: dict[str, Field] = {}
        self.names: set[str] = set()

    def attempt(self, reading: Callable[[], T]) -> T | None:
        """Do a piece of reading; remember its fault. Empty: None."""
        try:
            return reading()
        except EditionError as fault:
            self.faults.append(str(fault))
            return None

    def each(self, nodes: Iterable[Node], reading: Callable[[Node], T]) -> Iterator[T]:
        """Read pieces one by one, those that can be read."""
        for node in nodes:
            found = self.attempt(lambda node=node: reading(node))  # type: ignore[misc]
            if found is not None:
                yield found

    def form(self, root: Node) -> Form:
        """Read the whole."""
        given = root.mapping(OF_A_DRAFT if self.is_draft else FORM, (*FORM, "grades", "scales"))
        self.languages = tuple(_language(one) for one in given["languages"].items())
        if "ru" not in self.languages and not self.is_draft:
            given["languages"].refuse(_("среди языков должен быть русский (ru)"))
        for name, node in given["scales"].pairs().items() if "scales" in given else ():
            self.attempt(lambda name=name, node=node: _latin(name, node, NAME))  # type: ignore[misc]
            steps = tuple(self.each(node.items(), self.said))
            if len(steps) < 2 and not self.is_draft:
                self.attempt(lambda node=node: node.refuse(_("в шкале должно быть хотя бы две ступени")))  # type: ignore[misc]
            self.scales[name] = Scale(name, steps)
        said = {name: self.text(given.get(name)) for name in SAID}
        pages = tuple(self.each(given["pages"].items(), self.page))
        return Form(
            name=_latin(given["name"].text(), given["name"], NAME),
            year=given["year"].integer(),
            audience=given["audience"].choice(AUDIENCES) if "audience" in given else "",
            grades=tuple(one.integer() for one in given["grades"].items()) if "grades" in given else (),
            languages=self.languages,
            status=given["status"].choice(STATUSES) if "status" in given else "",
            minutes=_minutes(given["minutes"]) if "minutes" in given else 0,
            voluntary=_flag(given["voluntary"]),
            anonymous=_flag(given["anonymous"]),
            pages=pages,
            scales=self.scales,
            **said,
        )

    def said(self, node: Node) -> Text:
        """Read a text in every language of the form."""
        given = node.pairs()
        for language in self.languages:
            if language not in given or not given[language].text().strip():
                node.refuse(_("нет текста на языке «{language}»").format(language=language))
        for language, one in given.items():
            if language not in self.languages:
                one.refuse(unknown(language, self.languages, _("нет такого языка у анкеты: «{name}»")))
        return {language: " ".join(given[language].text().split()) for language in self.languages}

    def text(self, node: Node | None) -> Text:
        """Read a text whose fault lets the rest be read. Empty: {} where there is none."""
        return (self.attempt(lambda: self.said(node)) or {}) if node is not None else {}

    def page(self, node: Node) -> Page:
        """Read a page; items that cannot be read are left out and told."""
        given = node.mapping(("items",) if self.is_draft else ("title", "items"), ("title", "text"))
        title, text = self.text(given.get("title")), self.text(given.get("text"))
        return Page(title, text, tuple(self.each(given["items"].items(), self.item)))

    def item(self, node: Node) -> Item:
        """Read a question; the fields of those before it may stand in its condition."""
        given = node.mapping(("name", "type", "text"), ITEM_OPTIONAL)
        kind = given["type"].choice(TYPES)
        for needed in NEEDS.get(kind, ()):
            if needed not in given:
                node.refuse(_("вопросу вида {kind} нужен ключ «{key}»").format(kind=kind, key=needed))
        for key, kinds in ONLY_OF.items():
            if key in given and kind not in kinds:
                given[key].refuse(_("у вопроса вида {kind} не бывает «{key}»").format(kind=kind, key=key))
        item = Item(
            name=self._name(given["name"]),
            kind=kind,
            text=self.said(given["text"]),
            help=self.said(given["help"]) if "help" in given else {},
            scale=self._scale(given["scale"]) if "scale" in given else None,
            options=self._options(given.get("options")),
            rows=self._options(given.get("rows")),
            **self._marks(given, kind),
            asked_if=self.condition(given["asked_if"]) if "asked_if" in given else None,
        )
        self.fields.update((field.name, field) for field in item.fields)
        return item

    def _name(self, node: Node) -> str:
        name = _latin(node.text(), node, NAME)
        if name in self.names:
            node.refuse(_("вопрос «{name}» уже есть").format(name=name))
        self.names.add(name)
        return name

    def _scale(self, node: Node) -> Scale:
        name = node.text()
        if name not in self.scales:
            node.refuse(unknown(name, self.scales, _("нет шкалы «{name}»")))
        return self.scales[name]

    def _options(self, node: Node | None) -> tuple[Option, ...]:
        if node is None:
            return ()
        found = tuple(
            Option(_latin(name, said, OPTION), self.said(said)) for name, said in node.pairs().items()
        )
        if not found:
            node.refuse(_("здесь нужен хотя бы один ответ"))
        if any(one.name == DONT_KNOW for one in found):
            node.refuse(_("имя dont_know занято ответом «не знаю»: для него есть ключ dont_know"))
        return found

    def _marks(self, given: Mapping[str, Node], kind: str) -> dict[str, Any]:
        marks: dict[str, Any] = {
            name: _flag(given[name]) for name in ("required", "dont_know", "reversed") if name in given
        }
        for name in ("least", "most"):
            if name in given:
                if kind not in (*NUMBERS, "choices"):
                    given[name].refuse(_("границы бывают у числа и у выбора нескольких ответов"))
                marks[name] = given[name].integer()
        self._bounds(given, kind, marks)
        return marks

    def _bounds(self, given: Mapping[str, Node], kind: str, marks: Mapping[str, Any]) -> None:
        """Refuse bounds between which there is no answer, and those below 0: -1 is «не знаю» in the table."""
        top = {"share": MOST_SHARE, "choices": len(given["options"].pairs()) if "options" in given else 0}
        least, most = marks.get("least", 0), marks.get("most", top.get(kind, MOST_COUNT))
        place = given.get("least") or given.get("most")
        if place is None:
            return
        if min(least, most) < 0:
            place.refuse(_("граница должна быть не меньше 0"))
        if most > top.get(kind, MOST_COUNT):
            given["most"].refuse(_("граница «most» не больше {top}").format(top=top.get(kind, MOST_COUNT)))
        if least > most:
            place.refuse(_("«least» ({least}) больше, чем «most» ({most})").format(least=least, most=most))

    def condition(self, node: Node) -> Condition:
        """Read a condition: a test of a field, or several together."""
        keys = node.pairs()
        for name, kind in (("all", Every), ("any", Some)):
            if name in keys:
                parts = node.mapping((name,))[name].items()
                return kind(tuple(self.condition(part) for part in parts))
        given = node.mapping(("field",), ("is", "at_least", "at_most"))
        name = given["field"].text()
        if name not in self.fields:
            given["field"].refuse(
                unknown(name, self.fields, _("условие смотрит на «{name}», но раньше такого вопроса нет"))
            )
        if len(given) < 2 or ("is" in given and (len(given) > 2 or not _one_or_many(given["is"]))):
            node.refuse(_("условию нужно либо «is» с ответами, либо «at_least», «at_most» или оба"))
        field = self.fields[name]
        if field.kind == "text":
            given["field"].refuse(_("условие не может смотреть на ответ словами"))
        if field.kind == "choice" and "is" not in given:
            node.refuse(_("у выбора одного ответа нет номера: условию нужно «is» с именем ответа"))
        return Test(
            name,
            tuple(self._value(one, field) for one in _one_or_many(given.get("is"))),
            given["at_least"].integer() if "at_least" in given else None,
            given["at_most"].integer() if "at_most" in given else None,
        )

    def _value(self, node: Node, field: Field) -> int | str:
        if node.text() == DONT_KNOW and field.item.dont_know and field.kind != "flag":
            return DONT_KNOW
        if field.kind == "choice":
            return node.choice(option.name for option in field.item.options)
        value = node.integer()
        if not field.least <= value <= field.most:
            said = _("у «{name}» бывает от {least} до {most}")
            node.refuse(said.format(name=field.name, least=field.least, most=field.most))
        return value


def _latin(name: str, node: Node, allowed: "re.Pattern[str]") -> str:
    if not allowed.fullmatch(name):
        said = _("имя «{name}»: допустимы латинские буквы, цифры, «_» и «-», впереди буква")
        node.refuse(said.format(name=name))
    return name


def _language(node: Node) -> str:
    if not LANGUAGE.fullmatch(code := node.text()):
        node.refuse(_("язык «{code}»: нужен его код, например ru, en, tt").format(code=code))
    return code


def _minutes(node: Node) -> int:
    if (minutes := node.integer()) < 1:
        node.refuse(_("скажите, сколько минут занимает анкета: целое число от 1"))
    return minutes


def _flag(node: Node) -> bool:
    return node.choice(("true", "false")) == "true"


def _one_or_many(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return node.items() if node.is_list() else [node]
