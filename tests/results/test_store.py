"""The outcomes store: what is added can be asked for, withdrawn and proved unchanged."""

from pathlib import Path

import polars as pl
import pytest

from opora.methodology.tables import INDICATORS, OUTCOMES, TableMismatch
from opora.results.parts import ROWS_A_GROUP
from opora.results.store import AlreadyCounted, AlreadyKept, NotKept, Store, UnknownContent
from tests.results.drawn import indicators, outcomes

FIRST = """
    school | year | assessment | subject | grade | takers | low | mark2 | mark3 | mark4 | mark5 | scores
    b      | 2018 | vpr        | maths   | 5     | 20     | 8   | 8     | 6     | 4     | 2     | 1,7,6,6
    b      | 2019 | oge        | russian | 9     | 30     | 10  |       |       |       |       |
"""
SECOND = """
    school | year | assessment | subject | grade | takers | low
    a      | 2019 | vpr        | maths   | 5     | 15     | 2
    c      | 2019 | vpr        | maths   | 5     | 12     | 0
"""
AGAIN = """
    school | year | assessment | subject | grade | takers | low
    b      | 2018 | vpr        | maths   | 5     | 21     | 9
    c      | 2018 | vpr        | maths   | 5     | 10     | 1
"""
LETTERS = """
    school | year | indicator | category | value | letter
    b      | 2018 | grade     | all      |       | C
    a      | 2018 | mobility  | all      | 0.25  |
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "outcomes")


def lying(store: Store) -> dict[str, bytes]:
    """Every file that a content of the store is made of."""
    folder = store.folder.path
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*")}


def test_an_empty_store_answers_empty_tables_with_their_columns(store):
    found = store.outcomes()
    assert store.current() is None
    assert found.counts.columns == ["school", "cell", "takers", "low", "percent"]
    assert found.counts.is_empty() and found.cells.is_empty()
    assert dict(store.indicators().schema) == INDICATORS
    assert store.marks("a").is_empty()
    assert store.verify() == []


def test_outcomes_come_back_packed_and_sorted_by_school_and_cell(store):
    store.add_many([("one", outcomes(FIRST)), ("two", outcomes(SECOND))])
    found = store.outcomes()
    assert found.counts.schema["school"] == pl.Int32
    assert found.counts.rows() == [
        (0, 2, 15, 2, None),
        (1, 0, 20, 8, None),
        (1, 1, 30, 10, None),
        (2, 2, 12, 0, None),
    ]
    assert found.cells.rows() == [
        (0, 2018, "vpr", "", "maths", 5, 5, "all"),
        (1, 2019, "oge", "", "russian", 9, 9, "all"),
        (2, 2019, "vpr", "", "maths", 5, 5, "all"),
    ]
    assert store.schools().rows() == [(0, "a"), (1, "b"), (2, "c")]


def test_years_and_schools_are_chosen(store):
    store.add_many([("one", outcomes(FIRST)), ("two", outcomes(SECOND))])
    assert store.outcomes(years=[2018]).counts["school"].to_list() == [1]
    assert store.outcomes(years=[2018]).cells["year"].to_list() == [2018]
    assert store.outcomes(schools=["c", "a"]).counts["school"].to_list() == [0, 2]
    assert store.outcomes(schools=["nowhere"]).counts.is_empty()
    assert store.outcomes(schools=["b"], years=[2019]).counts["takers"].to_list() == [30]
    assert store.outcomes(years=[1999]).counts.is_empty()


def test_the_source_of_a_row_is_told_only_when_asked(store):
    store.add(outcomes(FIRST), "one")
    assert "source" not in store.outcomes().counts.columns
    assert set(store.outcomes(source=True).counts["source"]) == {"one"}


def test_one_schools_marks_and_scores_come_with_their_source(store):
    store.add_many([("one", outcomes(FIRST)), ("two", outcomes(SECOND))])
    rows = store.marks("b").rows(named=True)
    assert [(row["year"], row["mark2"], row["scores"], row["source"]) for row in rows] == [
        (2018, 8, [1, 7, 6, 6], "one"),
        (2019, None, None, "one"),
    ]
    assert store.marks("b", years=[2019])["takers"].to_list() == [30]


def test_a_schools_rows_lie_in_few_row_groups(store):
    """A school's page must not read the country: the groups' statistics tell which ones may hold it."""
    schools = pl.DataFrame({"school": [f"{number:06}" for number in range(ROWS_A_GROUP * 3)]})
    table = schools.join(outcomes(SECOND).head(1).drop("school"), how="cross").select(list(OUTCOMES))
    part = store.add(table, "country").of("outcomes")[0]
    import pyarrow.parquet as pq

    meta = pq.ParquetFile(store.folder.path / part.name).metadata
    ranges = [meta.row_group(number).column(0).statistics for number in range(meta.num_row_groups)]
    holding = [one for one in ranges if one.min <= 12345 <= one.max]
    assert (len(ranges), len(holding)) == (3, 1)
    assert store.marks("012345")["takers"].to_list() == [15]


def test_indicators_lie_beside_outcomes_and_share_the_schools(store):
    store.add(outcomes(SECOND), "two", indicators=indicators(LETTERS))
    assert store.indicators().select("school", "indicator", "value", "letter").rows() == [
        ("a", "mobility", 0.25, None),
        ("b", "grade", None, "C"),
    ]
    assert store.indicators(schools=["b"], source=True)["source"].to_list() == ["two"]
    assert store.indicators(years=[2017]).is_empty()
    assert store.schools()["code"].to_list() == ["a", "b", "c"]


def test_sources_tell_how_many_rows_they_brought_even_if_none(store):
    empty = outcomes(FIRST).clear()
    store.add_many([("one", outcomes(FIRST)), ("nothing", empty)], [("one", indicators(LETTERS))])
    assert store.sources().rows() == [("nothing", 0, 0), ("one", 2, 2)]


# --- twice


def test_the_same_source_twice_is_told_and_not_doubled(store):
    first = store.add(outcomes(FIRST), "one")
    with pytest.raises(AlreadyKept) as told:
        store.add_many([("two", outcomes(SECOND)), ("one", outcomes(FIRST))])
    assert told.value.sources == ["one"]
    assert store.current() == first


def test_another_source_of_the_same_outcome_is_refused_before_anything_is_written(store):
    store.add(outcomes(FIRST), "one")
    before = lying(store)
    with pytest.raises(AlreadyCounted) as told:
        store.add(outcomes(AGAIN), "again")
    (collision,) = told.value.collisions
    assert (collision.school, collision.kept, collision.arriving) == ("b", "one", "again")
    assert (collision.key["year"], collision.key["assessment"], collision.key["subject"]) == (
        2018,
        "vpr",
        "maths",
    )
    assert "b, 2018 vpr maths" in str(told.value)
    assert lying(store) == before


def test_two_sources_of_one_batch_collide_too(store):
    with pytest.raises(AlreadyCounted) as told:
        store.add_many([("one", outcomes(FIRST)), ("again", outcomes(AGAIN))])
    assert [(one.kept, one.arriving) for one in told.value.collisions] == [("one", "again")]
    assert store.current() is None


def test_every_collision_is_told_at_once(store):
    store.add_many([("one", outcomes(FIRST)), ("two", outcomes(SECOND))], [("one", indicators(LETTERS))])
    everything = pl.concat([outcomes(FIRST), outcomes(SECOND)])
    with pytest.raises(AlreadyCounted) as told:
        store.add(everything, "again", indicators=indicators(LETTERS))
    found = sorted((one.school, one.kept) for one in told.value.collisions)
    assert found == [("a", "one"), ("a", "two"), ("b", "one"), ("b", "one"), ("b", "one"), ("c", "two")]


def test_a_collision_names_the_source_that_counts_and_not_the_one_beneath_it(store):
    store.add(outcomes(FIRST), "one")
    store.add(outcomes(AGAIN), "two", replace=True)
    with pytest.raises(AlreadyCounted) as told:
        store.add(outcomes(AGAIN).head(1), "three")
    assert [(one.kept, one.arriving) for one in told.value.collisions] == [("two", "three")]


def test_on_request_the_later_source_counts(store):
    store.add(outcomes(FIRST), "one")
    store.add(outcomes(AGAIN), "again", replace=True)
    assert store.marks("b", years=[2018]).select("takers", "low", "source").rows() == [(21, 9, "again")]
    assert store.outcomes().counts.height == 3
    assert store.sources()["source"].to_list() == ["again", "one"]


def test_what_was_replaced_counts_again_when_the_later_source_is_withdrawn(store):
    first = store.add(outcomes(FIRST), "one")
    store.add(outcomes(AGAIN), "again", replace=True)
    assert store.withdraw("again") == first


def test_a_replaced_source_can_be_withdrawn_without_touching_the_one_that_counts(store):
    """Три файла об одном: отозван средний — считается верхний, под ним остаётся нижний."""
    store.add(outcomes(FIRST), "one")
    store.add(outcomes(AGAIN), "two", replace=True)
    store.add(outcomes(AGAIN).with_columns(low=pl.lit(3, pl.Int32)), "three", replace=True)
    store.withdraw("two")
    assert store.marks("b", years=[2018])["source"].to_list() == ["three"]
    store.withdraw("three")
    assert store.marks("b", years=[2018])["source"].to_list() == ["one"]


def test_in_a_batch_the_later_source_counts_on_request(store):
    store.add_many([("one", outcomes(FIRST)), ("again", outcomes(AGAIN))], replace=True)
    assert store.marks("b", years=[2018])["source"].to_list() == ["again"]


# --- withdrawal, order, history


def test_withdrawal_restores_the_earlier_content_exactly(store):
    first = store.add(outcomes(FIRST), "one", indicators=indicators(LETTERS))
    store.add(outcomes(SECOND), "two")
    assert store.withdraw("two") == first
    assert store.current() == first


def test_an_unknown_source_cannot_be_withdrawn(store):
    first = store.add(outcomes(FIRST), "one")
    with pytest.raises(NotKept) as told:
        store.withdraw("one", "another")
    assert told.value.sources == ["another"]
    assert store.current() == first


def test_when_everything_is_withdrawn_nothing_counts_and_nothing_is_lost(store):
    first = store.add(outcomes(FIRST), "one")
    store.withdraw("one")
    assert store.outcomes().counts.is_empty()
    assert store.schools().is_empty() and store.sources().is_empty()
    assert store.outcomes(first).counts.height == 2


def test_the_order_of_arrival_leaves_no_trace(store, tmp_path):
    store.add(outcomes(FIRST), "one")
    store.add(outcomes(SECOND), "two", indicators=indicators(LETTERS))
    other = Store(tmp_path / "other")
    other.add_many(
        [("two", outcomes(SECOND)), ("one", outcomes(FIRST).reverse())], [("two", indicators(LETTERS))]
    )
    assert other.current() == store.current()
    for part in store.current().parts:
        assert (store.folder.path / part.name).read_bytes() == (other.folder.path / part.name).read_bytes()


def test_an_earlier_content_is_read_as_it_was(store):
    first = store.add(outcomes(FIRST), "one")
    was = store.outcomes(first).counts
    store.add(outcomes(SECOND), "two")
    store.add(outcomes(AGAIN), "again", replace=True)
    kept = store.content(first.digest)
    assert kept == first
    assert store.outcomes(kept).counts.equals(was)
    assert store.schools(kept)["code"].to_list() == ["b"]


def test_a_year_that_did_not_change_keeps_its_file(store):
    first = store.add(outcomes(FIRST), "one")
    more = outcomes(SECOND).with_columns(school=pl.lit("b"))
    second = store.add(more.head(1), "two")
    assert first.of("outcomes", [2018]) == second.of("outcomes", [2018])
    assert first.of("outcomes", [2019]) != second.of("outcomes", [2019])


def test_pruning_keeps_the_current_content_and_those_that_runs_refer_to(store):
    first = store.add(outcomes(FIRST), "one")
    second = store.add(outcomes(SECOND), "two")
    third = store.add(outcomes(AGAIN), "again", replace=True)
    assert store.prune([first.digest])
    assert store.verify(first) == [] and store.verify(third) == []
    with pytest.raises(UnknownContent):
        store.content(second.digest)


# --- what does not fit


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low": None}, "процента"),
        ({"low": 21}, "больше, чем участников"),
        ({"low": -1}, "меньше нуля"),
        ({"takers": None}, "участников"),
        ({"takers": -1, "low": 0}, "участников"),
        ({"school": None}, "ключе"),
        ({"subject": None}, "ключе"),
        ({"year": 0}, "год"),
        ({"percent": 101.0}, "процент"),
        ({"mark2": 21}, "отметок больше"),
        ({"year": "two thousand"}, "one"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_with_its_source(store, change, said):
    table = outcomes(SECOND).with_columns(
        **{
            name: pl.lit(value, OUTCOMES[name] if not isinstance(value, str) else None)
            for name, value in change.items()
        }
    )
    table = table if "low" in change and change["low"] == 21 else table.head(1)
    with pytest.raises(TableMismatch, match=said) as told:
        store.add(table, "one")
    assert "one" in str(told.value)
    assert store.current() is None


def test_a_published_percent_stands_for_missing_counts_of_low(store):
    table = outcomes(SECOND).with_columns(low=pl.lit(None, pl.Int32), percent=pl.lit(12.5))
    store.add(table, "one")
    assert store.outcomes().counts["percent"].to_list() == [12.5, 12.5]


def test_the_same_outcome_twice_in_one_source_is_refused(store):
    with pytest.raises(TableMismatch, match="дважды"):
        store.add(pl.concat([outcomes(FIRST), outcomes(FIRST)]), "one")


def test_a_missing_and_a_strange_column_are_named(store):
    with pytest.raises(TableMismatch, match="takers"):
        store.add(outcomes(FIRST).drop("takers"), "one")
    with pytest.raises(TableMismatch, match="surname"):
        store.add(outcomes(FIRST).with_columns(surname=pl.lit("?")), "one")


def test_columns_that_may_be_left_out_are_filled(store):
    bare = outcomes(SECOND).select(
        "school", "year", "assessment", "subject", "grade", "grade_programme", "takers", "low"
    )
    store.add(bare, "one")
    assert store.outcomes().cells.select("sitting", "category").unique().rows() == [("", "all")]


def test_an_indicator_is_a_number_or_a_letter_and_never_both(store):
    both = indicators(LETTERS).with_columns(value=pl.lit(1.0), letter=pl.lit("A"))
    with pytest.raises(TableMismatch, match="буква"):
        store.add(outcomes(SECOND), "one", indicators=both)
    neither = indicators(LETTERS).with_columns(value=pl.lit(None, pl.Float64), letter=pl.lit(None, pl.String))
    with pytest.raises(TableMismatch, match="буква"):
        store.add(outcomes(SECOND), "one", indicators=neither)


# --- what was changed behind our back


def test_a_changed_stored_cell_is_detected(store):
    """Изменённая ячейка хранилища обнаруживается и называется по файлу."""
    manifest = store.add(outcomes(FIRST), "one")
    part = manifest.of("outcomes", [2018])[0]
    path = store.folder.path / part.name
    pl.read_parquet(path).with_columns(low=pl.lit(0, pl.Int32)).write_parquet(path)
    assert store.verify() == [part.name]


def test_every_byte_of_every_file_is_guarded(store):
    manifest = store.add(outcomes(FIRST), "one", indicators=indicators(LETTERS))
    store.add(outcomes(AGAIN), "again", replace=True)
    manifest = store.current()
    for name in [*(part.name for part in manifest.parts), f"manifests/{manifest.digest}.json"]:
        path = store.folder.path / name
        content = path.read_bytes()
        for place in range(0, len(content), 13):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            assert store.verify(manifest) == [name], place
        path.write_bytes(content)
    assert store.verify(manifest) == []


def test_a_file_that_is_gone_is_named(store):
    manifest = store.add(outcomes(FIRST), "one")
    (store.folder.path / manifest.parts[0].name).unlink()
    assert store.verify() == [manifest.parts[0].name]


def test_a_damaged_file_is_written_again_when_its_content_comes_again(store):
    manifest = store.add(outcomes(FIRST), "one")
    path = store.folder.path / manifest.of("outcomes")[0].name
    store.withdraw("one")
    path.write_bytes(b"damaged")
    store.add(outcomes(FIRST), "one")
    assert store.verify() == []


def test_a_manifest_that_was_changed_is_refused(store):
    manifest = store.add(outcomes(FIRST), "one")
    path = store.folder.path / f"manifests/{manifest.digest}.json"
    path.write_text(path.read_text().replace('"rows": 1', '"rows": 9'))
    with pytest.raises(UnknownContent):
        store.outcomes()
