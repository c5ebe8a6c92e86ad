"""Surveys for tests: drawn as tables, or drawn by Hypothesis as small countries."""

import polars as pl
from hypothesis import strategies as st

from tests.methodology.drawn import rows

WHOLE = ("grade", "respondents", "invited", "wave")
OWN = ["school", "audience", "grade", "wave"]


def survey(text):
    """Draw groups; ``region municipality audience`` may be left out where they do not matter."""
    usual = {"region": "Край", "municipality": "Город", "audience": "teacher"}
    drawn = [{**usual, **row} for row in rows(text)]
    whole = {name: pl.Int64 for name in WHOLE if name in drawn[0]}
    return pl.DataFrame(drawn, infer_schema_length=None).cast(whole)


def row(table, **where):
    """Find the one row with these keys; keys that are not named are empty."""
    keys = dict.fromkeys(["region", "municipality", "school", "audience", "grade"]) | where
    found = table.filter(*(pl.col(name).eq_missing(pl.lit(value)) for name, value in keys.items()))
    assert len(found) == 1, where
    return found.row(0, named=True)


@st.composite
def groups(draw, smallest=0, waves=1):
    """Draw a country of up to three regions with small and larger groups, some of them complete."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, 4))
        school = {"school": f"s{number}", "municipality": f"m{place}", "region": f"r{place % 2}"}
        for audience, grade in draw(
            st.sets(st.sampled_from([("teacher", None), ("pupil", 6), ("pupil", 9)]), min_size=1)
        ):
            counts = [draw(st.integers(smallest, 9)), *(draw(st.integers(0, 6)) for _ in range(waves - 1))]
            invited = sum(counts) + draw(st.sampled_from([0, 0, 1, 5]))
            for wave, respondents in enumerate(counts):
                score = draw(st.integers(0, 100)) if respondents else None
                told = {"audience": audience, "grade": grade, "wave": wave, "respondents": respondents}
                yes = draw(st.integers(0, respondents))
                made.append({**school, **told, "invited": invited, "score": score, "yes": yes})
    kinds = {"grade": pl.Int32, "wave": pl.Int32, "score": pl.Float64}
    return pl.DataFrame(made, schema_overrides=kinds, infer_schema_length=None)
