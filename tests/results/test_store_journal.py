"""Marks beside the journal in the store: kept, checked, and empty where an earlier version wrote."""

import polars as pl
import pytest

from opora.methodology.tables import TableMismatch
from opora.results.store import PACKED, Store
from tests.results.drawn import outcomes
from tests.results.test_store import FIRST, SECOND


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "outcomes")


def test_a_part_that_was_written_before_a_column_came_is_read_with_it_empty(store, monkeypatch):
    """Хранилище, заполненное прежней версией, читается, дополняется и отзывается как прежде."""
    without = {name: kind for name, kind in PACKED.items() if name != "journal"}
    monkeypatch.setattr("opora.results.store.PACKED", without)
    before = store.add(outcomes(FIRST), "one")
    assert "journal" not in pl.read_parquet(store.folder.path / before.of("outcomes")[0].name).columns
    monkeypatch.undo()
    assert store.marks("b")["journal"].to_list() == [None, None]
    told = store.histograms(before, years=[2018, 2019], schools=["b"])
    assert told["takers"].to_list() == [20, 30] and told["journal"].null_count() == 2
    compared = outcomes(SECOND).with_columns(journal=pl.Series([[3, 10, 2], None]))
    store.add(compared, "two")
    assert store.marks("a")["journal"].to_list() == [[3, 10, 2]]
    assert store.marks("b")["takers"].to_list() == [20, 30]
    assert store.withdraw("two").years == [2018, 2019] and store.marks("b")["low"].to_list() == [8, 10]


def test_more_marks_beside_the_journal_than_takers_are_refused(store):
    with pytest.raises(TableMismatch, match="сравненных с журналом"):
        store.add(outcomes(SECOND).with_columns(journal=pl.Series([[3, 10, 3], None])), "two")
