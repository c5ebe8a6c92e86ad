"""ФИС ОКО «Статистика по отметкам»: percents of marks by group; only rows of schools are taken."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from math import prod
from typing import Any

from opora.language import _
from opora.results.readers.book import Book, Sheet, number
from opora.results.readers.headings import Header, at, body, header_with, normal, titles_above, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.tally import Key, Tally, no_indicators
from opora.results.readers.written import Form, Written, login_in, login_of, settle
from opora.results.reading import Context, Reading

NAME = "fisoko_marks"
TITLE = "ФИС ОКО: статистика по отметкам"
SOURCE = "названия столбцов найдены в открытом коде, строки над таблицей — реконструкция"
GROUP, SCHOOLS, TAKERS = "Группы участников", "Кол-во ОО", "Кол-во участников"
MARKS = ("2", "3", "4", "5")
HEADINGS = (GROUP, SCHOOLS, TAKERS, *MARKS)
FORM = Form(NAME)
MOST_TAKERS = 10_000_000
MOST_WAYS = 10_000  # of so many guesses none is the only one
FINEST = Decimal("0.000001")  # a workbook may hold a percent that was never rounded


def recognises(book: Book) -> bool:
    """Say whether a sheet has groups of participants with percents of marks."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Take the rows of schools: counts where the percents leave only one possibility, else the percent."""
    tally, problems, skipped, derived = Tally(), Problems(), Counter[str](), 0
    for sheet in book.sheets:
        header = _header(sheet)
        if header is None:
            continue
        above = titles_above(sheet.iter_rows(), header)
        written = settle(context, above, FORM, False, problems)
        if written is not None:
            place = Place(sheet, header, problems)
            derived += sum(_schools(place, written, context, tally, skipped))
    if not len(tally) and not problems:
        allowed = _("Строка школы: логин sch… в названии группы или одна школа в «Кол-во ОО».")
        problems.add(_("В таблице нет ни одной строки школы."), allowed)
    text = _("Опубликованы проценты. Школ, где по ним число каждой отметки одно возможное: {count} из {all}.")
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=tally.frame(),
        indicators=no_indicators(),
        problems=problems.told(),
        notes=[text.format(count=derived, all=len(tally))] if len(tally) else [],
        rows=len(tally),
        skipped=dict(skipped),
    )


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, normal(GROUP), normal(TAKERS), *MARKS)


def _schools(
    place: Place, written: Written, context: Context, tally: Tally, skipped: Counter[str]
) -> Iterator[bool]:
    """Take the rows of schools; answer for each whether its counts could be derived."""
    grade = written.grade or 0  # never empty here: ``settle`` refuses a file without it
    for line, row in body(place.sheet.iter_rows(), place.header):
        school = _school(row, place.header, context)
        if not school:
            skipped[_("группа школ, а не школа")] += 1
            continue
        takers, percents = _numbers(line, row, place)
        if takers is None or percents is None:
            continue
        if not takers:
            skipped[_("нет участников")] += 1
            continue
        counts = counts_of(takers, percents)
        low, percent = (counts[0], None) if counts else (None, float(percents[0]))
        programme = written.programme(grade)
        key = Key(school, written.year, "vpr", written.sitting, written.subject, grade, programme)
        if tally.add_counts(key, takers, low, percent, counts):
            yield counts is not None
        else:
            column = place.header.column(normal(GROUP))
            place.wrong(line, column, _("Эта школа уже была выше."), _("Одна строка на школу."))


def _school(row: list[Any], header: Header, context: Context) -> str:
    """Answer the school of a row: by a login, else the person's where the row is of one school."""
    login = login_in(str(at(row, header.column(normal(GROUP))) or ""))
    if login:
        return login
    one = whole(at(row, header.column(normal(SCHOOLS)))) == 1
    return (login_of(context.school) or context.school) if one else ""


def _numbers(line: int, row: list[Any], place: Place) -> tuple[int | None, list[Decimal] | None]:
    """Read takers and percents of one school, telling every cell that is wrong."""
    header = place.header
    column = header.column(normal(TAKERS))
    takers = place.number(line, column, at(row, column), MOST_TAKERS, _("Это не число участников."))
    if takers == 0:
        return 0, []
    found = [_percent(line, row, place, header.column(mark)) for mark in MARKS]
    percents = [percent for percent in found if percent is not None]
    if len(percents) < len(MARKS):
        return takers, None
    if abs(sum(percents, Decimal(0)) - 100) > Decimal("0.5"):
        place.wrong(line, None, _("Проценты отметок не складываются в 100."), _("Сумма от 99,5 до 100,5."))
        return takers, None
    return takers, percents


def _percent(line: int, row: list[Any], place: Place, column: int | None) -> Decimal | None:
    value = number(at(row, column))
    if value is None or not 0 <= value <= 100:
        place.wrong(line, column, _("Это не процент."), _("Число от 0 до 100."))
        return None
    return Decimal(value)


def counts_of(takers: int, percents: list[Decimal]) -> tuple[int, int, int, int] | None:
    """Find the only counts that print as these percents; None where several do, or none does.

    Units: percents are 0–100, rounded half up to as many digits as the longest of them shows.
    """
    percents = [percent.quantize(FINEST, ROUND_HALF_UP).normalize() for percent in percents]
    digits = max(-int(percent.as_tuple().exponent) for percent in percents)
    step = Decimal(1).scaleb(-max(digits, 0))
    possible = []
    for percent in percents:
        nearest = int((percent * takers / 100).to_integral_value(ROUND_HALF_UP))
        span = int(step * takers / 100) + 1
        near = range(max(0, nearest - span), min(takers, nearest + span) + 1)
        fit = [n for n in near if (Decimal(n) * 100 / takers).quantize(step, ROUND_HALF_UP) == percent]
        possible.append(fit)
    if prod(map(len, possible)) > MOST_WAYS:
        return None
    twos, threes, fours, fives = possible
    ways = [way for way in product(twos, threes, fours, fives) if sum(way) == takers]
    return ways[0] if len(ways) == 1 else None
