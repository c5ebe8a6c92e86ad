"""External marks beside the journal, on drawn tables: shares, what is usual, what is hidden."""

import polars as pl
import pytest

from opora.methodology.disclosure.cells import number
from opora.methodology.quality.marks import PARTS, SHAPE, beside_journal, together
from opora.methodology.signs.levels import FEWEST

COLUMNS = {
    "school": pl.Int64,
    "year": pl.Int32,
    "subject": pl.String,
    "grade": pl.Int32,
    **dict.fromkeys(PARTS, pl.Int64),
}


def works(text, others=0, **usual):
    """Draw works: «school year subject grade lowered confirmed raised»; others wrote the first as usual."""
    told = [
        dict(zip(COLUMNS, (int(c) if c.isdigit() else c for c in line.split()), strict=True))
        for line in text.strip().splitlines()
    ]
    first = {name: told[0][name] for name in ("year", "subject", "grade")}
    told += [
        {"school": 100 + at, **first, "lowered": 3, "confirmed": 6, "raised": 1, **usual}
        for at in range(others)
    ]
    return pl.DataFrame(told, schema=COLUMNS)


def test_shares_stand_with_their_intervals_and_what_is_usual():
    """12 из 20 подтвердили: доля, интервал, обычное у десяти других школ."""
    (row,) = beside_journal(works("1 2021 russian 5 6 12 2", others=FEWEST), 1).to_dicts()
    assert (row["takers"], row["lowered"], row["confirmed"], row["raised"]) == (20, 6, 12, 2)
    assert (row["lowered_share"], row["confirmed_share"], row["raised_share"]) == (0.3, 0.6, 0.1)
    assert row["confirmed_from"] < 0.6 < row["confirmed_to"]
    usual = [row[f"{part}_usual"] for part in PARTS]
    assert usual == [0.3, 0.6, 0.1] and row["schools"] == FEWEST


def test_fewer_than_ten_other_schools_say_nothing_usual():
    (row,) = beside_journal(works("1 2021 russian 5 6 12 2", others=FEWEST - 1), 1).to_dicts()
    assert [row[f"{part}_usual"] for part in PARTS] == [None] * 3 and row["schools"] == FEWEST - 1


def test_what_is_usual_is_of_others_and_not_of_the_school_itself():
    """Своя школа в «обычное» не входит, и чужие числа из округлённых долей не восстановить."""
    many = works("1 2021 russian 5 1000 0 0", others=FEWEST, lowered=0, confirmed=2, raised=1)
    (row,) = beside_journal(many, 1).to_dicts()
    assert [row[f"{part}_usual"] for part in PARTS] == [0.0, 0.67, 0.33]


def test_a_group_under_the_limit_is_hidden_whole():
    """Четверо — скрыто; пятеро — показано; из суммы скрытое не узнать."""
    few = number("smallest_group") - 1
    rows = beside_journal(works(f"1 2021 russian 5 {few} 0 0\n1 2021 maths 5 2 {few} 0"), 1)
    small, shown = (rows.filter(pl.col("subject") == name).to_dicts()[0] for name in ("russian", "maths"))
    hidden = set(SHAPE) - {"year", "subject", "grade", "schools"}
    assert all(small[name] is None for name in hidden) and shown["takers"] == few + 2
    assert together(rows).takers == few + 2


def test_one_work_in_several_files_is_one_row_and_the_newest_is_first():
    rows = beside_journal(works("1 2020 maths 5 1 4 0\n1 2021 maths 5 2 4 1\n1 2021 maths 5 0 3 0"), 1)
    assert rows.select("year", "takers").rows() == [(2021, 10), (2020, 5)]


def test_works_together_stand_beside_what_is_usual_in_the_same_works():
    """Вместе: 30 отметок; обычное взвешено по работам школы, а не по региону."""
    both = pl.concat([
        works("1 2021 russian 5 5 5 0", others=FEWEST, lowered=0, confirmed=10, raised=0),
        works("1 2021 maths 5 0 20 0", others=FEWEST, lowered=10, confirmed=0, raised=0),
    ])  # fmt: skip
    found = together(beside_journal(both, 1))
    assert (found.takers, found.counts) == (30, {"lowered": 5, "confirmed": 25, "raised": 0})
    assert found.usual == pytest.approx({"lowered": 2 / 3, "confirmed": 1 / 3, "raised": 0})
    assert found.shares["confirmed"] == pytest.approx(25 / 30)
    low, high = found.intervals["lowered"]
    assert low < 5 / 30 < high


def test_without_what_is_usual_in_one_work_nothing_is_usual_together():
    rows = beside_journal(
        pl.concat([works("1 2021 russian 5 5 5 0", others=FEWEST), works("1 2021 maths 5 0 20 0")]), 1
    )
    assert together(rows).usual is None


@pytest.mark.parametrize("text", ["2 2021 russian 5 5 5 0", "1 2021 russian 5 0 0 0"])
def test_no_marks_of_the_journal_are_no_rows(text):
    rows = beside_journal(works(text), 1)
    assert rows.is_empty() and dict(rows.schema) == {name: rows.schema[name] for name in SHAPE}
    assert together(rows) is None
