"""Reliability of indicators: published answers, exact ones, and what cannot be told."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.risk_profile.reliability import RELIABILITY, alpha, omega, reliability
from opora.methodology.risk_profile.words import reliability_sentence
from tests.methodology.risk_profile.drawn import one_factor
from tests.methodology.risk_profile.test_scoring import SCALES, bfi, bfi_edition, bfi_table

__all__ = ["bfi"]

# W. Revelle's package psych, data set bfi: alphas of the five scales
ALPHAS = {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}
# omega of one factor by maximum likelihood of statsmodels 0.15.0 (Factor, method="ml"), complete answers
OMEGAS = {"A": 0.71213, "C": 0.73302, "E": 0.76733, "N": 0.81284, "O": 0.61037}


def test_the_alphas_of_bfi_are_those_published_in_psych(bfi):
    """Альфы пяти шкал bfi — как опубликованы в psych (Revelle): .70 .73 .76 .81 .60."""
    found = reliability({"teacher": bfi_table(bfi)}, bfi_edition())
    assert {row["factor"]: round(row["alpha"], 2) for row in found.to_dicts()} == ALPHAS
    assert (found["respondents"] > 2600).all() and found.schema == pl.Schema(RELIABILITY)


def test_the_omegas_of_bfi_are_those_that_statsmodels_fits(bfi):
    """Омеги тех же шкал — как у statsmodels (один фактор, наибольшее правдоподобие)."""
    found = reliability({"teacher": bfi_table(bfi)}, bfi_edition())
    assert {row["factor"]: round(row["omega"], 5) for row in found.to_dicts()} == OMEGAS
    assert list(OMEGAS) == list(SCALES)


@given(
    st.lists(st.floats(0.3, 0.9), min_size=3, max_size=8),
    st.lists(st.floats(0.5, 3.0), min_size=8, max_size=8),
)
def test_omega_of_a_known_factor_is_known(loadings, spreads):
    """Ковариации, которые даёт один фактор с известными нагрузками: омега — по формуле Макдональда."""
    load, spread = np.array(loadings), np.array(spreads[: len(loadings)])
    covariance = np.outer(load * spread, load * spread)
    np.fill_diagonal(covariance, spread**2)
    own = ((1 - load**2) * spread**2).sum()
    common = (load * spread).sum() ** 2
    assert omega(covariance) == pytest.approx(common / (common + own), abs=1e-4)


@given(st.integers(2, 12), st.floats(0.05, 0.95))
def test_alpha_of_parallel_items_is_spearmans_and_browns(items, correlation):
    """Одинаково связанные вопросы: альфа — k·r / (1 + (k − 1)·r)."""
    covariance = np.full((items, items), correlation)
    np.fill_diagonal(covariance, 1.0)
    expected = items * correlation / (1 + (items - 1) * correlation)
    assert alpha(covariance) == pytest.approx(expected)
    if items > 2:
        assert omega(covariance) == pytest.approx(expected, abs=1e-6)


def sheets(people, seed=1, **columns):
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 1, people)
    items = {
        name: np.clip(np.rint(2.5 + level + rng.normal(0, 0.8, people)), 1, 4).astype(np.int32)
        for name in "abc"
    }
    return pl.DataFrame({"school": ["1"] * people, **items}).with_columns(**columns)


THREE = "\n".join(f"audience: pupil, item: {name}, from: 1, to: 4" for name in "abc")


@pytest.mark.parametrize(
    ("lines", "table", "why", "said"),
    [
        (THREE, sheets(99), "few", "слишком мало"),
        (THREE, sheets(300), "", "омега 0,73"),
        (THREE.splitlines()[0], sheets(300), "single", "Вопрос один"),
        (THREE, sheets(300, a=pl.lit(2, dtype=pl.Int32)), "same", "одинаково"),
        ("\n".join(THREE.splitlines()[:2]), sheets(300), "factor", "альфа 0,63"),
    ],
)
def test_where_reliability_cannot_be_told_that_is_said(lines, table, why, said):
    """Мало ответивших, один вопрос, все ответили одинаково, один фактор не подошёл: сказано словами."""
    written = one_factor(lines)
    (row,) = reliability({"pupil": table}, written).to_dicts()
    assert row["why"] == why and (row["alpha"] is None) == (why in ("few", "single", "same"))
    assert (row["omega"] is None) == (why != "")
    assert said in reliability_sentence(row, written)


def test_only_complete_answers_count_and_what_was_not_asked_has_no_row():
    table = sheets(300).with_columns(a=pl.when(pl.int_range(pl.len()) < 40).then(None).otherwise(pl.col("a")))
    (row,) = reliability({"pupil": table}, one_factor(THREE)).to_dicts()
    assert (row["items"], row["respondents"]) == (3, 260)
    assert reliability({}, one_factor(THREE)).is_empty()


def test_the_order_of_respondents_changes_nothing_of_reliability():
    table = sheets(300)
    both = [reliability({"pupil": one}, one_factor(THREE)) for one in (table, table.reverse())]
    assert both[0].equals(both[1])
