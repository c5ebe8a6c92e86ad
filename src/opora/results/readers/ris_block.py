"""One exam of a protocol: gathers counts of results, and judges them when the tail of the exam is known."""

from collections import Counter
from dataclasses import dataclass, field

from opora.language import _
from opora.results.readers.place import Place
from opora.results.readers.ris import Exam
from opora.results.readers.subjects import subject_title
from opora.results.readers.tally import Key, Tally
from opora.results.scales import Scale, Scales

MARKS = ("оценка", "mark5")  # headings of columns that hold marks, not test scores
Score = tuple[int, int | None]  # primary score, and the test score or mark


@dataclass(frozen=True)
class Columns:
    """Where the cells of a participant stand, besides the result."""

    school: int | None
    primary: int | None
    klass: int | None = None
    document: tuple[int, ...] = ()


@dataclass
class Block:
    """One exam: pupils by school, grade and score; nobody is known in it."""

    exam: Exam
    assessment: str
    subject: str
    place: Place
    result: int | None  # column of the test score or mark
    columns: Columns
    pupils: Counter[tuple[str, int, Score]] = field(default_factory=Counter)
    rows: int = 0  # met, counted or not
    repeated: int = 0
    minimum: int | None = None  # «Минимальная граница»
    total: int | None = None  # «Всего участников»
    total_row: int = 0

    @property
    def grade(self) -> int:
        """The grade whose programme the exam tests."""
        return 11 if self.assessment == "ege" else 9

    @property
    def by_mark(self) -> bool:
        """Whether the protocol gives marks, not test scores."""
        return self.result is not None and self.place.header.names[self.result] in MARKS

    def finish(self, scales: Scales, region: str, tally: Tally, notes: list[str]) -> int:
        """Judge all results and put them into the tally; answer how many pupils were counted."""
        self._check_total()
        judge = _Judge(self, scales.find(self.exam.year, self.assessment, self.subject, self.grade, region))
        if not judge.may():
            return 0
        for (school, grade, score), pupils in sorted(self.pupils.items(), key=str):
            low, mark = judge.low_and_mark(score)
            key = Key(school, self.exam.year, self.assessment, "", self.subject, grade, grade)
            tally.add(key, mark, score[0], low, pupils=pupils)
        notes += judge.notes()
        return self.pupils.total()

    def _check_total(self) -> None:
        """Tell a protocol that holds more or fewer participants than its last line says."""
        possible = (self.rows, self.rows - self.repeated, self.pupils.total())
        if self.total is not None and self.total not in possible:
            what = _("Строк с участниками не столько, сколько сказано в строке «Всего участников».")
            self.place.wrong(self.total_row, None, what, _("Протокол целиком, без удалённых строк."))


class _Judge:
    """Says which scores are low: the protocol's mark first, else its minimum, else a scale."""

    def __init__(self, block: Block, scale: Scale | None) -> None:
        self.block, self.scale = block, scale
        self.by_score = block.result is not None and not block.by_mark
        federal = scale.minimum if scale else None
        self.minimum = block.minimum if block.minimum is not None else federal
        self.unmarked = not self.by_score and any(result is None for _s, _g, (_p, result) in block.pupils)

    def may(self) -> bool:
        """Say whether every result can be judged; if not, tell what is missing."""
        place, block = self.block.place, self.block
        if self.by_score and any(result is None for _s, _g, (_p, result) in block.pupils):
            what = _("У части участников есть первичный балл, но нет тестового.")
            place.wrong(place.header.row, block.result, what, _("Тестовый балл у каждого, кто писал."))
            return False
        if self.by_score and self.minimum is None:
            what = _("Неизвестен минимальный балл: {subject}, {year} год.")
            said = what.format(subject=subject_title(block.subject), year=block.exam.year)
            allowed = _("Строка «Минимальная граница» в протоколе или минимум в шкалах.")
            place.wrong(place.header.row, block.result, said, allowed)
            return False
        if self.unmarked and not (self.scale and self.scale.bounds):
            what = _("Нет ни отметок, ни шкалы: {subject}, {year} год.")
            said = what.format(subject=subject_title(block.subject), year=block.exam.year)
            place.wrong(place.header.row, block.result, said, _("Столбец «Оценка» или шкала региона."))
            return False
        return True

    def low_and_mark(self, score: Score) -> tuple[bool, int | None]:
        """Judge one score."""
        primary, result = score
        if self.by_score:
            return (result or 0) < (self.minimum or 0), None
        mark = result if result is not None or self.scale is None else self.scale.mark(primary)
        return mark == 2, mark

    def notes(self) -> list[str]:
        """Say what was used and what does not agree with it."""
        block, scale, said = self.block, self.scale, []
        title = subject_title(block.subject)
        if self.by_score and scale and scale.minimum is not None and scale.minimum != self.minimum:
            text = _(
                "{subject}: минимальная граница в протоколе {own}, по шкале {known}; взята из протокола."
            )
            said.append(text.format(subject=title, own=self.minimum, known=scale.minimum))
        elif self.by_score and block.minimum is None and scale:
            text = _("{subject}: минимальный балл {minimum}. Шкала: {source}.")
            said.append(text.format(subject=title, minimum=self.minimum, source=scale.source))
        if self.unmarked and scale:
            text = _("{subject}: отметки найдены по баллам. Шкала: {source}.")
            said.append(text.format(subject=title, source=scale.source))
            if scale.condition:
                said.append(_("{subject}: {condition}.").format(subject=title, condition=scale.condition))
        above = self._marks_above_minimum()
        if above:
            text = _("{subject}: балл ниже минимальной границы, а отметка выше «2» — {count}; взята отметка.")
            said.append(text.format(subject=title, count=above))
        return said

    def _marks_above_minimum(self) -> int:
        block = self.block
        if self.by_score or block.minimum is None:
            return 0
        wrong = ((p, r) for (_s, _g, (p, r)) in block.pupils.elements() if r is not None)
        return sum(primary < block.minimum and result > 2 for primary, result in wrong)
