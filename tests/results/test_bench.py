"""The bench tells the truth: the same country each time, ratios of neighbours, results of peers like ours."""

import json

import polars as pl
import pytest

from tests.bench import pieces
from tests.bench.__main__ import child, in_turns, line_of, said
from tests.bench.country import Country, login, made, made_written, removed, rows_of
from tests.bench.report import page

TINY = Country(30, 2, 8.0)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.setenv("OPORA_DATA", str(tmp_path))
    made(TINY)
    return TINY


def test_one_seed_makes_one_country(tiny):
    first = pl.read_parquet(tiny.pupils)
    removed(tiny)
    assert not tiny.folder.exists()
    assert pl.read_parquet(made(tiny)).equals(first)
    assert rows_of(tiny) == first.height


def test_pupils_lie_sorted_and_are_low_by_the_mark_or_by_the_minimum_score(tiny):
    cells = tiny.cells().height
    rows = pl.read_parquet(tiny.pupils).with_columns(
        school=pl.col("outcome") // cells, cell=(pl.col("outcome") % cells).cast(pl.Int32)
    )
    rows = rows.join(tiny.cells().select("cell", "minimum"), on="cell", maintain_order="left")
    assert rows.select("school", "cell").equals(rows.select("school", "cell").sort("school", "cell"))
    by_rule = (
        pl.when(pl.col("minimum").is_null())
        .then(pl.col("mark") == 2)
        .otherwise(pl.col("score") < pl.col("minimum"))
    )
    assert rows.select((by_rule == (pl.col("low") == 1)).all()).item()
    assert 0 < rows["low"].mean() < 1


def test_a_measured_list_is_the_list_that_pandas_makes(tiny):
    """Соседи по измерению решают ту же задачу: списки школ совпадают."""
    from opora.methodology import edition
    from opora.methodology.identification import identify

    ours = identify(pieces._outcomes(tiny)(), edition.load("seed-2020")).verdicts
    table = pieces.counts(tiny).select("school", "cell", "takers", "low").to_pandas()
    theirs, _evidence = pieces._pandas_list(table, 0.30)
    assert set(ours.filter("listed")["school"]) == set(theirs[theirs].index) != set()


def test_the_list_that_pandas_makes_from_rows_in_words_is_the_same(tiny):
    """Строки в словах — те же строки: тот же перечень и те же основания."""
    written = pl.read_parquet(made_written(tiny))
    assert written.height == rows_of(tiny)
    key = ["school", "assessment", "subject", "grade", "year"]
    assert {written.schema[name] for name in key} == {pl.String()}
    table = pieces.counts(tiny).select("school", "cell", "takers", "low").to_pandas()
    plain, evidence = pieces._pandas_list(table, 0.30)
    found, told = pieces._pandas_strings(tiny)
    listed = set(plain[plain].index)
    of_pupils, _evidence = pieces._pandas_list(pieces._pandas_counts(tiny), 0.30)
    assert set(of_pupils[of_pupils].index) == listed
    assert set(found[found].index) == {login(number) for number in listed} != set()
    assert len(told) == len(evidence)
    assert sorted(told["share"]) == sorted(evidence["share"])
    cells = tiny.cells().with_columns(pl.col("grade", "year").cast(pl.String))
    first = evidence.iloc[0]
    where = cells.row(by_predicate=pl.col("cell") == int(first["cell"]), named=True)
    mine = told[told["school"] == login(int(first["school"]))]
    for name in key[1:]:
        mine = mine[mine[name] == where[name]]
    assert mine[["takers", "low"]].values.tolist() == [[first["takers"], first["low"]]]


def test_pandas_counts_what_the_statement_counts(tiny):
    ours = pieces.counts(tiny)
    theirs = pieces._pandas_counts(tiny).sort_values(["school", "cell"])
    assert ours["takers"].to_list() == theirs["takers"].to_list()
    assert ours["low"].to_list() == theirs["low"].to_list()


def test_the_ratio_is_the_median_of_neighbouring_runs():
    """Соседние замеры делят одну и ту же помеху: отношение — медиана их отношений, а не отношение медиан."""
    ours = [{"rows": 5, "seconds": seconds, "peak_mb": 10} for seconds in (2.0, 30.0, 4.0)]
    limits = [{"rows": 5, "seconds": seconds, "peak_mb": 1} for seconds in (1.0, 10.0, 1.0)]
    line = line_of("count", "quick", ours, limits)
    assert (line["ratio"], line["seconds"], line["limit_seconds"], line["peak_mb"]) == (3.0, 4.0, 1.0, 10)
    assert {"name", "rows", "seconds", "limit_seconds", "ratio", "peak_mb"} <= set(
        json.loads(json.dumps(line))
    )


def line(**said: object) -> dict:
    known = {"name": "count", "size": "full", "rows": 5, "seconds": 1.0, "limit_seconds": 0.5, "ratio": 2.0}
    return {**known, "peak_mb": 10, **said}


def test_a_peer_that_was_left_out_is_said_and_stands_on_the_page():
    left = {"rows": None, "seconds": None, "peak_mb": None, "left_out": "no server"}
    assert "no server" in said(line(postgresql=left))
    assert "| count | postgresql |" in page([line(postgresql=left)])
    assert "no server" in page([line(postgresql=left)])


@pytest.mark.parametrize(("ratio", "told"), [(2.5, ": выполнено"), (2.51, "не выполнено")])
def test_the_page_says_whether_what_was_wanted_is_met(ratio, told):
    assert told in page([line(ratio=ratio)])


def test_a_piece_that_breaks_is_told_and_breaks_nothing_else(tmp_path, monkeypatch):
    """Замер, который не удался, — строка с причиной, а не конец прогона."""
    monkeypatch.setenv("OPORA_DATA", str(tmp_path))
    assert "KeyError" in child("no_such_piece", "quick")["failed"]
    broken = in_turns("count", "quick", 1, 0)
    assert broken["seconds"] is None and broken["left_out"]
    assert broken["left_out"] in page([broken]) and broken["left_out"] in said(broken)


def test_a_peer_stands_under_the_same_keys_as_ours():
    both = line(pandas={"rows": 5, "seconds": 4.0, "peak_mb": 90})
    assert "× 4.0 ours" in said(both)
    assert set(both["pandas"]) <= set(both)
