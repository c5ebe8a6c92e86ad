"""The store against a dictionary: after every addition and withdrawal both say the same."""

import tempfile
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from opora.methodology.tables import INDICATORS, OUTCOME_KEY, OUTCOMES
from opora.results.store import AlreadyCounted, AlreadyKept, NotKept, Store, packed

NAMES = st.sampled_from(["", "а", "б", "школа №1", "1", "01"])


@st.composite
def told(draw: Any) -> dict[tuple, dict[str, Any]]:
    """What one source tells: outcomes by school, year and subject."""
    keys = draw(
        st.sets(st.tuples(NAMES, st.integers(2017, 2019), st.sampled_from(["maths", "russian"])), max_size=5)
    )
    found = {}
    for school, year, subject in sorted(keys):
        takers = draw(st.integers(0, 60))
        low = draw(st.integers(0, takers))
        found[school, year, subject] = {
            "school": school, "year": year, "assessment": "vpr", "sitting": "", "subject": subject,
            "grade": 5, "grade_programme": 5, "category": "all",
            "takers": takers, "low": low, "percent": None,
            "mark2": low, "mark3": takers - low, "mark4": 0, "mark5": None,
            "scores": draw(st.none() | st.lists(st.integers(0, 9), max_size=4)),
            "journal": draw(st.sampled_from([None, [0, low, 0], [low, 0, takers - low]])),
        }  # fmt: skip
    return found


def frame(rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows.values()), schema=OUTCOMES)


class StoreMachine(RuleBasedStateMachine):
    """Adds, replaces and withdraws; the model keeps for every key the pile of sources that told it."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(self.folder.name)
        self.piles: dict[tuple, list[tuple[str, dict]]] = {}
        self.sources: set[str] = set()

    @rule(source=st.sampled_from("abcdef"), rows=told(), replace=st.booleans())
    def add(self, source, rows, replace):
        busy = [key for key in rows if self.piles.get(key)]
        try:
            self.store.add(frame(rows), source, replace=replace)
        except AlreadyKept:
            assert source in self.sources
        except AlreadyCounted as refusal:
            assert not replace and len(refusal.collisions) == len(busy) > 0
        else:
            assert source not in self.sources and (replace or not busy)
            self.sources.add(source)
            for key, row in rows.items():
                self.piles.setdefault(key, []).append((source, row))

    @rule(source=st.sampled_from("abcdef"))
    def withdraw(self, source):
        try:
            self.store.withdraw(source)
        except NotKept:
            assert source not in self.sources
        else:
            self.sources.remove(source)
            for pile in self.piles.values():
                pile[:] = [one for one in pile if one[0] != source]

    @invariant()
    def it_says_what_the_dictionary_says(self):
        tops = {key: pile[-1] for key, pile in self.piles.items() if pile}
        for school in {key[0] for key in tops}:
            said = {
                (school, row["year"], row["subject"]): row
                for row in self.store.marks(school).iter_rows(named=True)
            }
            meant = {
                key: {**row, "source": source} for key, (source, row) in tops.items() if key[0] == school
            }
            assert {key: {**row, "school": school} for key, row in said.items()} == meant
        assert self.store.outcomes().counts.height == len(tops)
        assert set(self.store.sources()["source"]) == self.sources
        assert self.store.schools()["code"].to_list() == sorted({key[0] for key in tops})
        assert self.store.verify() == []

    def teardown(self):
        self.folder.cleanup()


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)


@settings(max_examples=15, deadline=None)
@given(st.lists(told(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_content_depends_on_the_set_of_sources_alone(tables, chance):
    """Any order, one by one or together: the same bytes."""
    apart = [
        {key: row for key, row in table.items() if key[1] == 2017 + number % 3}
        for number, table in enumerate(tables)
    ]
    batch = [
        (
            f"source-{number}",
            frame(
                {
                    (f"{number}{key}",): {**row, "school": f"{number}{row['school']}"}
                    for key, row in rows.items()
                }
            ),
        )
        for number, rows in enumerate(apart)
    ]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        together = Store(one).add_many(batch)
        shuffled = [
            (source, table.sample(fraction=1, shuffle=True, seed=chance.randint(0, 99)))
            for source, table in batch
        ]
        chance.shuffle(shuffled)
        for source, table in shuffled:
            singly = Store(other).add(table, source)
        assert singly == together


@settings(max_examples=40, deadline=None)
@given(told())
def test_packing_loses_nothing(rows):
    flat = frame(rows)
    cells, rest = packed(flat)
    back = rest.join(cells, on="cell", how="left").select(list(OUTCOMES))
    assert back.sort("school", *OUTCOME_KEY).equals(flat.sort("school", *OUTCOME_KEY))
    assert cells["cell"].is_unique().all() and cells["cell"].is_sorted()


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.tuples(NAMES, st.integers(2017, 2019), NAMES), st.floats(-1e9, 1e9) | st.sampled_from("ABC")
    )
)
def test_indicators_come_back_as_they_came(told_indicators):
    rows = [
        {"school": school, "year": year, "indicator": name, "category": "all",
         "value": word if isinstance(word, float) else None,
         "letter": word if isinstance(word, str) else None}
        for (school, year, name), word in told_indicators.items()
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=INDICATORS)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        store.add_many([], [("one", table)])
        assert store.indicators().equals(table.sort("school", "year", "indicator", "category"))
