"""Marks beside the journal, schools beside similar ones, sittings under control, official markers."""

import re

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import norm, t

from opora.methodology.signs import flags
from opora.methodology.signs.controlled import controlled
from opora.methodology.signs.journal import SHAPE, journal
from opora.methodology.signs.levels import USUAL, beyond_chance, cautious, levels
from opora.methodology.signs.looking import KINDS
from opora.methodology.signs.official import official
from opora.methodology.signs.similar import similar
from opora.methodology.signs.words import conclusion, marker, sentence

COUNTS = {"school": pl.String, "cell": pl.Int64, "takers": pl.Int64, "low": pl.Int64}
MARKS = {
    "school": pl.String,
    "cell": pl.Int64,
    "takers": pl.Int64,
    "raised": pl.Int64,
    "lowered": pl.Int64,
}
NAMES = [f"s{place:02d}" for place in range(30)]


def drawn(rows, schema=COUNTS):
    return pl.DataFrame(rows, schema=schema, orient="row")


def of(table, school):
    (row,) = table.filter(pl.col("school") == school).to_dicts()
    return row


# --- levels


def test_a_level_is_measured_in_the_same_works():
    """Обе школы — как все вместе в своих работах, хотя одна писала лёгкую, другая трудную."""
    rows = [("a", 0, 40, 4), ("b", 0, 40, 4), ("c", 1, 40, 30), ("d", 1, 40, 30)]
    told = levels(drawn(rows))
    assert told["level"].to_list() == pytest.approx([0.0] * 4)
    assert sorted(told["expected"]) == pytest.approx([4, 4, 30, 30])


def test_what_schools_differ_by_is_found_though_a_fifth_of_them_is_lifted():
    """Разброс школ 0,5² виден и тогда, когда каждая пятая поднята на три единицы."""
    chance = np.random.default_rng(4)
    noise = np.full(20_000, 0.1)
    off = chance.normal(0, np.sqrt(0.25 + 0.1), 20_000)
    assert beyond_chance(off, noise) == pytest.approx(0.25, abs=0.02)
    lifted = np.where(np.arange(20_000) % 5 == 0, off + 3.0, off)
    assert beyond_chance(lifted, noise) == pytest.approx(0.25, abs=0.03)
    assert beyond_chance(np.zeros(3), noise[:3]) == 0.0


def test_the_usual_square_is_that_of_a_normal_chance_cut_off():
    cut = norm.expect(lambda z: min(z * z, 4.0), lb=-8, ub=8)
    assert pytest.approx(cut, abs=1e-4) == USUAL


def test_a_spread_measured_on_few_schools_is_trusted_less():
    off = np.array([-1.0, 0.0, 2.0, 50.0])
    assert cautious(off, 40)[2] == pytest.approx(norm.isf(t.sf(2.0, 12)))
    assert cautious(off, 40)[1] == pytest.approx(0.0) and cautious(off, 40)[2] < 2.0
    assert cautious(off, 100_000)[:3] == pytest.approx(off[:3], abs=1e-3)
    assert np.isfinite(cautious(off, 100_000)).all()


# --- journal


def usual_marks(last):
    """Twenty-nine schools: a tenth or so raised, a fifth or so lowered; one more as told."""
    rows = [(name, 0, 100, 8 + place % 5, 18 + place % 5) for place, name in enumerate(NAMES[:-1])]
    return drawn([*rows, (NAMES[-1], 0, 100, *last)], MARKS)


def test_many_marks_above_the_journal_stand_out():
    """У всех выше журнала десятая часть, у одной школы — половина."""
    told = of(journal(usual_marks((50, 20))), NAMES[-1])
    assert told["raised_off"] > 3 > 1 > told["lowered_off"]
    assert (told["takers"], told["raised"], told["lowered"]) == (100, 50, 20)
    assert told["raised_expected"] == pytest.approx(11.3, abs=0.5)


def test_many_marks_below_the_journal_are_told_apart():
    told = of(journal(usual_marks((10, 70))), NAMES[-1])
    assert told["lowered_off"] > 3 > 1 > told["raised_off"]
    assert not KINDS["lowered"].counts and KINDS["raised"].counts


def test_where_the_journal_is_not_known_nothing_is_said():
    assert journal(drawn([], MARKS)).is_empty() and list(journal(drawn([], MARKS)).columns) == list(SHAPE)
    few = usual_marks((50, 20)).head(9)
    assert journal(few).is_empty()
    unknown = usual_marks((None, None))
    assert NAMES[-1] not in journal(unknown)["school"].to_list() and len(journal(unknown)) == 29


# --- similar


def two_levels(last_low):
    """Fifteen schools of ten low results or so, fifteen of forty or so, of which the last is as told."""
    weak = [(name, 0, 100, 38 + place % 5) for place, name in enumerate(NAMES[15:-1])]
    strong = [(name, 0, 100, 8 + place % 5) for place, name in enumerate(NAMES[:15])]
    return drawn([*strong, *weak, (NAMES[-1], 0, 100, last_low)])


GROUPS = pl.DataFrame({"school": NAMES, "group": ["strong"] * 15 + ["weak"] * 15})


def test_a_school_is_put_beside_similar_ones_not_beside_all():
    """Десять низких результатов: обычно среди сильных, заметно среди слабых."""
    told = similar(two_levels(10), GROUPS)
    mine, other = of(told, NAMES[-1]), of(told, NAMES[2])
    assert mine["better"] > 3 > 1 > other["better"]
    assert mine["similar"] == 14 and mine["expected"] == pytest.approx(40, abs=1.5)
    assert other["expected"] == pytest.approx(10, abs=1.5)


def test_groups_and_neighbours_say_the_same():
    pairs = GROUPS.join(GROUPS.rename({"school": "neighbour"}), on="group").select("school", "neighbour")
    for low in (10, 40, 90):
        assert_frame_equal(similar(two_levels(low), GROUPS), similar(two_levels(low), pairs))


def test_too_few_similar_schools_are_no_measure():
    small = GROUPS.with_columns(
        group=pl.when(pl.col("school") < "s05").then(pl.lit("few")).otherwise("group")
    )
    told = similar(two_levels(10), small)
    assert told["school"].to_list() == NAMES[15:]  # ten are left of the strong: nine others each
    assert similar(two_levels(10), GROUPS.clear()).is_empty()


def test_lifting_some_similar_schools_moves_no_other_from_the_middle():
    """Три школы из пятнадцати завысили: у остальных середина похожих почти та же."""
    before = similar(two_levels(40), GROUPS)
    lifted = two_levels(40).with_columns(
        low=pl.when(pl.col("school").is_in(NAMES[15:18])).then(0).otherwise("low")
    )
    after = similar(lifted, GROUPS)
    theirs = pl.col("school").is_in(NAMES[18:])
    assert (after.filter(theirs)["better"] - before.filter(theirs)["better"]).max() < 0.5


# --- controlled


def test_who_falls_under_control_when_others_do_not_stands_out():
    """Под контролем у всех на треть больше низких результатов; у одной школы — впятеро."""
    without = drawn([(name, 0, 100, 9 + place % 7) for place, name in enumerate(NAMES)])
    usual = [(name, 1, 100, 12 + place % 7) for place, name in enumerate(NAMES[:-1])]
    told = controlled(without, drawn([*usual, (NAMES[-1], 1, 100, 55)]))
    mine = of(told, NAMES[-1])
    assert mine["dropped"] > 3 and (mine["low"], mine["other_low"]) == (10, 55)
    assert told.filter(pl.col("school") != NAMES[-1])["dropped"].max() < 2
    assert controlled(without, drawn(usual[:9])).is_empty()


# --- official markers


def test_markers_are_counted_by_year_and_stay_unknown_where_nobody_said_anything():
    rows = [
        ("a", 2022, "maths", 4, 0),
        ("a", 2023, "maths", 4, 0),
        ("a", 2023, "russian", 4, 1),
        ("b", 2023, "maths", 5, 1),
    ]
    told = official(pl.DataFrame(rows, schema=flags.SHAPE, orient="row"))
    assert told.rows() == [("a", 2022, 1, 0), ("a", 2023, 2, 1), ("b", 2023, 1, 1)]
    assert official(pl.DataFrame(schema=flags.SHAPE)).is_empty()


# --- words

ACCUSING = "фальсиф подделк обман наруш завыш списыв вин falsif fraud cheat forg guilt violat inflat"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_that_is_said_accuses_anybody(language, monkeypatch):
    """Ни в одном предложении нет слов о вине: сказано, что видно и чего ожидалось."""
    monkeypatch.setenv("OPORA_LANG", language)
    row = {"seen": 30, "expected": 24.5, "works": 90}
    said = [sentence({**row, "kind": kind}) for kind in KINDS]
    assert len(set(said)) == len(KINDS) and all("30" in one and "25" in one and "90" in one for one in said)
    said += [conclusion(True), conclusion(False)]
    said.append(marker({"year": 2023, "markers": 1, "told": 4}))
    words = re.findall(r"\w+", ACCUSING)
    assert not [(word, one) for word in words for one in said if word in one.lower()]
    reason = {"ru": "повод посмотреть, а не вывод", "en": "a reason to look, not a finding"}[language]
    assert reason in conclusion(True) and reason not in conclusion(False)
