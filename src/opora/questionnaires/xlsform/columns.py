"""The columns of an XLSForm workbook: which languages it speaks, and which columns are not carried over."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from opora.language import _
from opora.questionnaires.xlsform.sheets import Row

CODE = re.compile(r"\(([A-Za-z][A-Za-z0-9-]*)\)\s*\Z")
BARE_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*\Z")
NAMED = {"russian": "ru", "русский": "ru", "english": "en", "английский": "en"}
SPOKEN = ("label", "hint", "constraint_message", "required_message")
USED = {
    *(
        "type",
        "name",
        "required",
        "relevant",
        "constraint",
        "appearance",
        "parameters",
        "list_name",
        "list name",
    ),
    *("constraint_message", "required_message", "label", "hint", "$given_name", "order"),
}
MEANS = {
    "relevance": "relevant",
    "list name": "list_name",
    "value": "name",
    "caption": "label",
}  # older spellings


def known(cells: Mapping[str, str]) -> dict[str, str]:
    """Give columns the names of today."""
    return {_named(column.strip()): text for column, text in cells.items()}


def _named(column: str) -> str:
    plain = column.lower()
    return column if ":" in column else MEANS.get(plain, plain)


class Languages:
    """The languages of a workbook, and its texts in all of them."""

    def __init__(self, columns: Iterable[str], default: str) -> None:
        self.unsaid: list[str] = []  # columns whose language nobody can tell
        self.of: dict[str, tuple[str, str]] = {}  # column → what it says, language
        self.default = self._code(default) or "ru"
        for column in columns:
            self._place(column)
        spoken = list(dict.fromkeys(code for what, code in self.of.values() if what == "label"))
        self.all: tuple[str, ...] = tuple(spoken) or (self.default,)

    def _code(self, name: str) -> str:
        """Find the code of a language that is named «Русский (ru)», «ru» or «Russian». Empty: ""."""
        if found := CODE.search(name):
            return found[1]
        plain = name.strip()
        return NAMED.get(plain.lower(), plain if BARE_CODE.match(plain) else "")

    def _place(self, column: str) -> None:
        what, _mark, language = (part.strip() for part in column.partition(":"))
        what = what.lower()
        if what not in SPOKEN:
            return
        code = self._code(language.lstrip(": ")) if language else self.default
        if code:
            self.of[column] = (what, code)
        else:
            self.unsaid.append(column)

    def said(self, row: Row, what: str) -> dict[str, str]:
        """Give a text in the languages in which the row says it, in one line each."""
        found = {}
        for language in self.all:
            for column, (spoken, code) in self.of.items():
                text = " ".join(row.get(column).split())
                if text and (spoken, code) == (what, language):
                    found[language] = text
        return found

    def missing(self, text: Mapping[str, str]) -> Sequence[str]:
        """Name the languages in which a text is not said."""
        return [language for language in self.all if language not in text]

    def filled(self, text: Mapping[str, str]) -> dict[str, str]:
        """Put the text of another language where one lacks, so that nobody sees an empty line."""
        other = next(iter(text.values()), "")
        return {language: text.get(language, other) for language in self.all} if text else {}


def columns_not_carried(rows: Sequence[Row], languages: Languages) -> Iterator[str]:
    """Say which columns of a sheet have something that a questionnaire cannot hold, each once."""
    seen: set[str] = set()
    for row in rows:
        for column in row.cells:
            plain = column.strip().lower()
            if column in seen or column in languages.of or plain in USED or plain.startswith("opora_"):
                continue
            seen.add(column)
            if column in languages.unsaid:
                said = _("язык столбца «{column}» не понят: допишите его код, например «label::Русский (ru)»")
            else:
                said = _("столбец «{column}» не переносится: в анкете этого нет")
            yield row.said(said.format(column=column))
