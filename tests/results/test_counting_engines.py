"""The counting statements are one text for several engines: the very files say the same on real ones."""

import random
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from opora.results.counting import MARKS, SQL
from tests.conftest import lacking
from tests.results.engines import (
    duckdb_answers,
    postgresql_answers,
    spark_answers,
    started_spark,
    what_spark_lacks,
)

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")  # unused here
PUPILS = {"outcome": pl.Int32, "mark": pl.Int8, "score": pl.Int16, "low": pl.Int8}
COUNTS = ["takers", "low", *MARKS, "marked", "unknown"]
STATEMENTS = {name: (SQL / f"{name}.sql").read_text() for name in ("count_outcomes", "count_scores")}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """Start a real Spark on this machine."""
    if sentence := what_spark_lacks():
        lacking(sentence)
    with started_spark(tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(
    params=[
        "postgresql",
        pytest.param("spark", marks=pytest.mark.spark),
        pytest.param(
            "lenient spark", marks=pytest.mark.spark
        ),  # as before version 4: no errors, but empty values
    ]
)
def answers(request):
    """Answer a statement by an engine that the program itself does not use."""
    if request.param == "postgresql":
        return partial(postgresql_answers, request.getfixturevalue("database_url"))
    session = request.getfixturevalue("spark")
    session.conf.set("spark.sql.ansi.enabled", request.param == "spark")
    return partial(spark_answers, session)


@pytest.fixture
def lake(tmp_path):
    """Write rows of outcome, mark, score and low where an engine reads them."""

    def written(*rows: tuple) -> Path:
        path = tmp_path / "pupils.parquet"
        pl.DataFrame(list(rows), schema=PUPILS, orient="row").write_parquet(path)
        return path

    return written


def drawn(seed: int, number: int = 6_000) -> list[tuple]:
    """Draw pupils as a lake may hold them, also those whom counting refuses later.

    Every fourth outcome has no marks, every fifth no scores, in every seventh nobody's low result is known;
    elsewhere a few lack one. Half of the outcomes are negative, as in the parts of a sorted file.
    """
    chance = random.Random(seed)

    def some(least: int, greatest: int) -> int | None:
        return chance.randint(least, greatest) if chance.random() < 0.98 else None

    def pupil(outcome: int) -> tuple:
        mark = some(2, 5) if outcome % 4 else None
        strange = mark and chance.random() < 0.02
        score = some(0, 40) if outcome % 5 else None
        return (
            outcome,
            chance.choice((0, 1, 6)) if strange else mark,
            score,
            some(0, 1) if outcome % 7 else None,
        )

    return [pupil(chance.randint(-140, 139)) for _number in range(number)]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_engine_gives_the_rows_and_types_that_duckdb_gives(answers, lake, statement):
    """Тысячи случайных участников с пустыми отметками, баллами и низкими: строки и типы одни и те же."""
    file = lake(*drawn(seed=2020))
    expected = duckdb_answers(file, STATEMENTS[statement])
    assert len(expected.rows) > 250
    assert answers(file, STATEMENTS[statement]) == expected


def test_sums_over_nobody_are_empty_and_counts_of_nobody_are_zero(answers, lake):
    """Ни у кого нет отметки — отметки пусты, а не 0; ни о ком не сказано «низкий» — пусто и трое неясных."""
    file = lake((7, None, 3, 1), (7, None, 3, 0), *[(8, 5, None, None)] * 3, (9, 2, 4, 1), (9, None, 4, None))
    assert by_name(answers(file, STATEMENTS["count_outcomes"])) == [
        {"outcome": 7, **dict.fromkeys(MARKS), "takers": 2, "low": 1, "marked": 0, "unknown": 0},
        {"outcome": 8, "mark2": 0, "mark3": 0, "mark4": 0, "mark5": 3, "takers": 3, "low": None, "marked": 3,
         "unknown": 3},
        {"outcome": 9, "mark2": 1, "mark3": 0, "mark4": 0, "mark5": 0, "takers": 2, "low": 1, "marked": 1,
         "unknown": 1},
    ]  # fmt: skip
    assert answers(file, STATEMENTS["count_scores"]).rows == [(7, 3, 2), (9, 4, 2)]


def by_name(answer: Any) -> list[dict[str, Any]]:
    names = [name for name, _word in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def test_no_pupils_are_no_rows_of_plain_integers(answers, lake):
    """Сумма не становится ни длинным числом, ни десятичным, даже когда складывать нечего."""
    file = lake()
    outcomes, scores = (answers(file, text) for text in STATEMENTS.values())
    assert outcomes.rows == scores.rows == []
    assert outcomes.columns == [(name, "INTEGER") for name in ("outcome", *COUNTS)]
    assert scores.columns == [("outcome", "INTEGER"), ("score", "SMALLINT"), ("pupils", "INTEGER")]
