"""The sheet choices: lists of answers, and the scales that are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, Option, Scale
from opora.questionnaires.reading import NAME
from opora.questionnaires.xlsform.columns import Languages
from opora.questionnaires.xlsform.sheets import Row
from opora.questionnaires.xlsform.writing import OWN_SCALE


@dataclass(frozen=True)
class Answers:
    """A list of answers without «не знаю», which is told apart."""

    name: str
    options: tuple[Option, ...]
    dont_know: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Name the answers in their order."""
        return tuple(option.name for option in self.options)


class Lists:
    """All lists of a workbook; faults of an answer are told once, however many questions have the list."""

    def __init__(self, languages: Languages, choices: Sequence[Row], not_carried: list[str]) -> None:
        self.languages = languages
        self.not_carried = not_carried
        self.scales: dict[str, Scale] = {}
        rows: dict[str, list[Row]] = {}
        for row in choices:
            if row.get("name").strip():
                rows.setdefault(row.get("list_name").strip(), []).append(row)
        self.lists = {name: self._answers(name, found) for name, found in rows.items()}
        for name, answers in self.lists.items():
            own = name.removeprefix(OWN_SCALE)
            if name.startswith(OWN_SCALE) and NAME.fullmatch(own):
                self.scale(answers, own)

    def found(self, name: str) -> Answers | None:
        """Find a list that has answers. Empty: None."""
        answers = self.lists.get(name)
        return answers if answers and answers.options else None

    def scale(self, answers: Answers, name: str) -> Scale:
        """Make a scale of a list, under its own name or one made of the list's."""
        plain = name or answers.name
        if not NAME.fullmatch(plain):
            plain = f"scale_{list(self.lists).index(answers.name) + 1}"
        scale = Scale(plain, tuple(option.text for option in answers.options))
        return self.scales.setdefault(plain, scale)

    def _answers(self, name: str, rows: Sequence[Row]) -> Answers:
        found: dict[str, Option] = {}
        dont_know = False
        for row in rows:
            option = row.get("name").strip()
            if option == DONT_KNOW:
                dont_know = True
            elif option in found:
                said = _("ответ «{name}» в списке «{list}» уже есть").format(name=option, list=name)
                self.not_carried.append(row.said(said))
            else:
                found[option] = Option(option, self._text(row, option))
        return Answers(name, tuple(found.values()), dont_know)

    def _text(self, row: Row, option: str) -> dict[str, str]:
        said = self.languages.said(row, "label")
        for language in self.languages.missing(said):
            message = _("нет текста на языке «{language}» ({what}): взят другой язык")
            self.not_carried.append(row.said(message.format(language=language, what="label")))
        return self.languages.filled(said) or dict.fromkeys(self.languages.all, option)
