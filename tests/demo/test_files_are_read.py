"""Every file of the demo is recognised and read, and the counts are those the generator knows to be true."""

import polars as pl
import pytest

from opora.demo import broken_files
from opora.demo.broken_files import EMPTY, HALF, RENAMED, STRANGER, WRONG_MARKS, WRONG_POINTS
from opora.demo.build import build
from opora.methodology.tables import OUTCOME_KEY
from opora.results.readers import FileRefused, read
from opora.results.readers.together import read_together
from opora.results.reading import Context, Reading

FORMATS = {
    "ВПР 2018": "research_set",
    "ВПР 2019": "research_set",
    "ВПР 2020": "vpr_2020",
    "ВПР 2021": "vpr_2021",
    "ВПР 2022": "vpr_2022",
    "Формы школ": "vpr_school",
    "ФИС ОКО 2023": "fisoko_marks",
    "Контекст": "plain",
    "Маркеры": "official_markers",
    "Под контролем": "controlled_sittings",
    "ОГЭ 2018": "ris_protocol",
    "ОГЭ 2019": "ris_protocol",
    "ЕГЭ 2018": "ris_protocol",
    "ЕГЭ 2019": "ris_protocol",
}


@pytest.fixture(scope="module")
def readings(small) -> list[Reading]:
    """What the readers make of the small demo's files, brought together as a person would."""
    found = read_together([(path, Context(name=path.name, region="99")) for path in small.results])
    assert not [reading for reading in found if isinstance(reading, FileRefused)]
    return [reading for reading in found if isinstance(reading, Reading)]


@pytest.fixture(scope="module")
def compared(small, readings) -> pl.DataFrame:
    """The truth beside what was read (``…_read``), a row per school and assessment."""
    places = {code: str(i) for i, one in enumerate(small.region.schools) for code in (one.login, one.ris)}
    found = pl.concat([reading.outcomes for reading in readings if reading.outcomes.height])
    found = found.with_columns(pl.col("school").replace_strict(places))
    key = ["school", *OUTCOME_KEY]
    return small.truth.join(found, on=key, how="full", coalesce=True, suffix="_read")


def differing(compared: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows in which the readers came to another number than is true."""
    return compared.filter(~pl.col(column).eq_missing(pl.col(f"{column}_read")))


def test_every_file_is_recognised_by_its_content(small, readings):
    """Каждый файл узнан, и узнан верно."""
    for path, reading in zip(small.results, readings, strict=True):
        expected = "ris_appeals" if path.name.startswith("Апелляции") else FORMATS[path.parent.name]
        assert reading.format == expected, path.name


def test_every_format_of_the_project_is_met(readings):
    """В демонстрации есть файл для каждого читателя форматов ВПР, ГИА и ФИС ОКО."""
    assert {reading.format for reading in readings} == {*FORMATS.values(), "ris_appeals"}


def test_no_file_has_a_problem(small, readings):
    """В файлах демонстрации нет ни одной ошибки."""
    told = {p.name: r.problems[:3] for p, r in zip(small.results, readings, strict=True) if r.problems}
    assert told == {}


@pytest.mark.parametrize("seed", [1, 2, 3, 500])
def test_no_seed_writes_an_empty_file(tmp_path, seed):
    """При любом зерне и малом регионе нет ни пустых файлов, ни ошибок в них."""
    made = build(tmp_path, seed, schools=12, municipalities=3)
    found = read_together([(path, Context(name=path.name, region="99")) for path in made.results])
    told = {
        path.name: reading.problem if isinstance(reading, FileRefused) else reading.problems
        for path, reading in zip(made.results, found, strict=True)
    }
    assert {name: problems for name, problems in told.items() if problems} == {}


@pytest.mark.parametrize("column", ["takers", "low", "mark2", "mark3", "mark4", "mark5", "journal"])
def test_counts_read_back_are_the_true_ones(compared, column):
    """Прочитанные числа — те, что были на самом деле: по каждой школе и процедуре, после апелляций.

    «Статистика по отметкам» даёт проценты: где по ним число не одно, читатель числа не называет.
    """
    wrong = differing(compared, column)
    assert wrong.filter(~((pl.col("year") == 2023) & pl.col(f"{column}_read").is_null())).is_empty()


def test_histograms_of_primary_scores_are_the_true_ones(compared):
    """Распределение первичных баллов прочитано верно везде, где файл их содержит."""
    told = compared.filter(pl.col("scores_read").is_not_null())
    assert told.filter(pl.col("scores") != pl.col("scores_read")).is_empty()
    assert compared.filter(pl.col("scores_read").is_null())["year"].unique().to_list() == [2023]


def test_the_comparison_sees_one_changed_pupil(compared):
    """Проверка выше заметит и одного ученика: иначе она ничего не доказывает."""
    changed = compared.with_columns(low=pl.col("low") + (pl.int_range(pl.len()) == 0).cast(pl.Int32))
    assert differing(changed, "low").height == 1


def test_absent_pupils_and_slipped_rows_are_left_out(readings):
    """Отсутствовавшие, отметка 0 и сдвинутые строки 2021 года названы пропущенными."""
    reasons = {reason for reading in readings for reason in reading.skipped}
    assert {"отметка 0", "не писали работу"} <= reasons


@pytest.mark.parametrize(
    ("name", "cells"),
    [(WRONG_MARKS, {"F3", "E4", "C5", "B6", "F7"}), (WRONG_POINTS, {"F5", "K10"})],
)
def test_a_file_with_mistakes_names_each_of_them_by_its_cell(small, name, cells):
    """Все ошибки файла — за один проход, каждая со своей клеткой."""
    path = small.folder / "с ошибками" / name
    reading = read(path, Context(name=name, region="99"))
    assert {problem.cell for problem in reading.problems} == cells
    assert all(problem.allowed for problem in reading.problems)


@pytest.mark.parametrize(("name", "word"), [(HALF, "не полностью"), (RENAMED, "картинка"), (EMPTY, "пуст")])
def test_a_file_that_is_no_table_is_refused_in_one_sentence(small, name, word):
    """Половина файла, картинка под именем таблицы и пустой файл: одно ясное предложение."""
    with pytest.raises(FileRefused) as refusal:
        read(small.folder / "с ошибками" / name, Context(name=name, region="99"))
    assert word in refusal.value.problem.what


def test_a_file_of_an_unknown_school_is_read_well_and_names_a_school_outside_the_region(small):
    """Файл чужой школы верен сам по себе: его остановит только реестр."""
    reading = read(small.folder / "с ошибками" / STRANGER, Context(name=STRANGER, region="99"))
    assert not reading.problems
    logins = {school.login for school in small.region.schools}
    assert not logins & set(reading.outcomes["school"])


def test_every_broken_file_is_told_of_here(small):
    """Для каждого файла с ошибкой выше есть проверка."""
    names = {value for key, value in vars(broken_files).items() if key.isupper() and "." in str(value)}
    assert {path.name for path in small.broken} == names == {
        WRONG_MARKS, WRONG_POINTS, HALF, RENAMED, EMPTY, STRANGER,
    }  # fmt: skip
