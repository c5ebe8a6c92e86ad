"""This year beside last year, and a school beside similar ones: only what can be compared."""

import numpy as np
import polars as pl
import pytest

from opora.methodology.risk_profile.comparison import BESIDE, CHANGED, MAPPING, Year, beside_similar, compared
from opora.methodology.risk_profile.words import beside_sentence, changed_sentence
from tests.methodology.risk_profile.drawn import NOBODY, edition, facts, invited, one_factor
from tests.methodology.risk_profile.simulated import simulate

ONE = "audience: pupil, item: a, from: 1, to: 4"
FIVE = "smallest_group: 5"
SAME_ITEM = [("pupil", "a", "a", "same")]
TWO = ONE + "\naudience: pupil, item: b, from: 1, to: 4"


def year(lines, table=None, known=None, asked=NOBODY, numbers="smallest_group: 1"):
    written = one_factor(lines, numbers) if isinstance(lines, str) else lines
    return Year(written, {"pupil": table} if table is not None else {}, known or {}, asked, {})


def mapping(*rows):
    return pl.DataFrame(list(rows), schema=MAPPING, orient="row")


def sheets(many=30, **items):
    columns = {name: pl.Series([value] * many, dtype=pl.Int32) for name, value in items.items()}
    return pl.DataFrame({"school": ["1"] * many, **columns})


def rows(now, before, *pairs):
    return {row["indicator"]: row for row in compared(now, before, mapping(*pairs)).to_dicts()}


def test_the_same_items_are_compared():
    """Тот же вопрос: было 33, стало 67 — риск вырос."""
    full = invited(("1", "pupil", 30))
    found = rows(
        year(ONE, sheets(a=3), asked=full), year(ONE, sheets(a=2), asked=full), ("pupil", "a", "a", "same")
    )
    assert found["i"]["difference"] == found[None]["difference"] == pytest.approx(33.333333333)
    assert (found[None]["low"], found[None]["high"]) == (found[None]["difference"],) * 2
    assert "Риск вырос: было 33, стало 67." in changed_sentence(found[None])


def test_a_comparable_item_is_scored_by_each_years_own_line_and_said_to_be_so():
    """Шкала была 1…5, стала 1…4: каждый год по своей линии, и сказано, что вопросы лишь сопоставимы."""
    before = year("audience: pupil, item: old, from: 5, to: 1", sheets(old=3))
    found = rows(year(ONE, sheets(a=4)), before, ("pupil", "old", "a", "comparable"))
    assert (found["i"]["before"], found["i"]["now"], found["i"]["kind"]) == (50.0, 100.0, "comparable")
    assert "лишь сопоставимые" in changed_sentence(found["i"])


LAST = year(ONE, sheets(a=2))


@pytest.mark.parametrize(
    ("now", "before", "pairs", "why", "said"),
    [
        (year(ONE, sheets(a=3)), LAST, [("pupil", "a", "a", "not")], "items", "слишком разные"),
        (year(ONE, sheets(a=3)), LAST, [], "items", "слишком разные"),
        (year(ONE, sheets(a=3)), year(ONE), SAME_ITEM, "before", "в прошлом году"),
        (year(ONE, asked=invited(("1", "pupil", 9))), LAST, SAME_ITEM, "now", "в этом году"),
        (year(ONE, sheets(4, a=3), numbers=FIVE), LAST, SAME_ITEM, "now", "в этом году"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said_with_its_reason(now, before, pairs, why, said):
    """Нельзя сравнить: вопросы другие, нет данных того или этого года — и никакой разницы рядом."""
    found = rows(now, before, *pairs)
    for row in found.values():
        assert row["why"] == why and row["difference"] is None and row["now"] is None
        assert changed_sentence(row).startswith("Нельзя сравнить: ") and said in changed_sentence(row)


def test_an_indicator_is_compared_on_its_common_items_alone():
    """Из двух вопросов сопоставим один: оба года считаются только по нему."""
    now = year(TWO, sheets(a=4, b=1))
    before = year(TWO, sheets(a=2, b=4))
    found = rows(now, before, ("pupil", "a", "a", "same"), ("pupil", "b", "b", "not"))
    assert found["i"]["difference"] == pytest.approx(200 / 3)
    strict = year(TWO, sheets(a=4, b=1), numbers="smallest_group: 1\ncomparable_share: 0.6")
    assert rows(strict, before, ("pupil", "a", "a", "same"))["i"]["why"] == "items"


def test_what_is_known_without_asking_keeps_its_name():
    line = "context: special_needs, from: 0, to: 1"
    now, before = (
        year(line, known={"context": facts(("1", "special_needs", share))}) for share in (0.2, 0.5)
    )
    found = rows(now, before)
    assert found[None]["difference"] == -30.0 and "Риск снизился" in changed_sentence(found[None])


def test_a_factor_with_too_little_comparable_weight_is_not_compared():
    """Сопоставим показатель с весом 1 из 4: фактор не сравнивают, показатель — да."""
    written = edition("""
        - name: f
          title: Ф
          indicators:
            - {name: i, title: П, weight: 1, sources: [{audience: pupil, item: a, from: 1, to: 4}]}
            - {name: j, title: П, weight: 3, sources: [{audience: pupil, item: b, from: 1, to: 4}]}
    """)
    found = rows(
        year(written, sheets(a=4, b=1)), year(written, sheets(a=2, b=1)), ("pupil", "a", "a", "same")
    )
    assert (found["i"]["why"], found["j"]["why"], found[None]["why"]) == ("", "items", "items")


def test_nine_of_ten_intervals_of_a_difference_hold_the_truth():
    """Интервал разницы двух лет накрывает истинную разницу в 88–92 % школ."""
    both = [
        simulate(1200, seed, respondents=(30, 30), answered=0.5, constructs=1, groups=("pupil",))
        for seed in (1, 2)
    ]
    years = [Year(one.edition, one.tables, {}, one.invited, {}) for one in both]
    items = mapping(*(("pupil", f"c0_{n}", f"c0_{n}", "same") for n in range(5)))
    found = compared(years[0], years[1], items).filter(pl.col("indicator").is_null())
    true = both[0].true[:, 0, 0] - both[1].true[:, 0, 0]
    held = (found["low"].to_numpy() <= true) & (true <= found["high"].to_numpy())
    assert 0.88 <= held.mean() <= 0.92
    assert found.schema == dict(CHANGED)


def test_a_change_that_may_be_chance_is_said_to_be_so():
    rng = np.random.default_rng(1)
    tables = [
        pl.DataFrame({"school": ["1"] * 10, "a": pl.Series(rng.integers(1, 5, 10), dtype=pl.Int32)})
        for _year in range(2)
    ]
    found = rows(year(ONE, tables[0]), year(ONE, tables[1]), ("pupil", "a", "a", "same"))
    assert found[None]["low"] < 0 < found[None]["high"]
    assert "может быть случайным" in changed_sentence(found[None])


# --- similar schools


def test_a_school_is_put_beside_the_middle_and_quartiles_of_similar_ones():
    """Медиана и квартили похожих школ; мало похожих — так и сказано."""
    values = {f"n{n:02}": float(n * 10) for n in range(11)} | {"x": 70.0, "y": None}
    factors = pl.DataFrame({"school": list(values), "factor": ["f"] * 13, "points": list(values.values())})
    alike = pl.DataFrame(
        {"school": ["x"] * 12 + ["n00"] * 2, "neighbour": [*(f"n{n:02}" for n in range(11)), "x", "n01", "y"]}
    )
    found = beside_similar(factors, alike, one_factor(ONE))
    told = {row["school"]: row for row in found.to_dicts()}
    assert [told["x"][name] for name in ("similar", "lower", "median", "upper")] == [11, 25.0, 50.0, 75.0]
    assert (told["n00"]["why"], told["n00"]["similar"], told["n00"]["median"]) == ("few", 1, None)
    assert told["y"]["why"] == "none" and found.schema == dict(BESIDE)
    assert beside_sentence(told["x"]).startswith("У школы 70, у похожих — 50")
    assert "слишком мало" in beside_sentence(told["n00"]) and "нет данных" in beside_sentence(told["y"])
