"""What a verification proposes, lacks and differs in: drawn tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.verification import (
    Lack,
    Lacking,
    Opinion,
    Verification,
    differing,
    lacks,
    proposed,
)

EDITION = load_edition("opora-2026")
NAMES = [factor.name for factor in EDITION.factors]
ALL_AGREE = {name: Opinion(True) for name in NAMES}
DOUBTED = ALL_AGREE | {NAMES[3]: Opinion(False, "есть")}
SIGNS = {"Н": "low", "С": "middle", "В": "high", "?": "no data"}


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("В90 В80 С50 Н10", [0, 1]),  # as many as there are
        ("В80 В90 В70 С50", [1, 0, 2]),  # every high one, the greatest first
        ("В80 С40 С50 Н10", [0, 2]),  # filled up by the greatest middle one
        ("С40 С50 С45 Н10", [1, 2]),
        ("Н30 С40 Н20 Н10", [1]),  # a low one is never proposed
        ("?0  ?0  Н20 Н10", []),
        ("С50 С50 С50 Н10", [0, 1]),  # alike: in the order of the edition
    ],
)
def test_high_risks_are_proposed_and_middle_ones_where_those_are_few(drawn, expected):
    cells = drawn.split()
    levels = {name: SIGNS[cell[0]] for name, cell in zip(NAMES, cells, strict=False)}
    points = {name: float(cell[1:]) for name, cell in zip(NAMES, cells, strict=False)}
    assert proposed(levels, points, EDITION) == tuple(NAMES[place] for place in expected)


def whole(**other):
    told = {
        "opinions": {"school": ALL_AGREE, "curator": ALL_AGREE},
        "chosen": NAMES[:2],
        "measures": dict.fromkeys(NAMES[:2], "курсы, наставник"),
    }
    return Verification(**(told | other))


@pytest.mark.parametrize("side", ["school", "curator"])
def test_what_is_whole_can_be_signed(side):
    assert lacks(whole(), side, EDITION) == []


@pytest.mark.parametrize(
    ("other", "school", "curator"),
    [
        ({"opinions": {"curator": ALL_AGREE}}, [Lack(Lacking.OPINION, name) for name in NAMES], []),
        (
            {"opinions": {"school": ALL_AGREE, "curator": ALL_AGREE | {NAMES[3]: Opinion(False, " ")}}},
            [],
            [Lack(Lacking.REASON, NAMES[3])],
        ),
        ({"opinions": {"school": DOUBTED, "curator": ALL_AGREE}}, [], []),
        ({"chosen": NAMES[:1]}, [Lack(Lacking.CHOICE)], []),
        ({"chosen": NAMES[:1], "few_reason": "остальное решено"}, [], []),
        ({"chosen": []}, [Lack(Lacking.CHOICE)], []),
        ({"measures": {NAMES[0]: "курсы"}}, [Lack(Lacking.MEASURES, NAMES[1])], []),
    ],
)  # fmt: skip
def test_what_lacks_is_named_for_each_side(other, school, curator):
    assert lacks(whole(**other), "school", EDITION) == school
    assert lacks(whole(**other), "curator", EDITION) == curator


def test_what_the_sides_differ_in_is_what_a_visit_talks_about():
    doubted = ALL_AGREE | {NAMES[1]: Opinion(False, "нет"), NAMES[2]: Opinion(False, "нет")}
    heard = ALL_AGREE | {NAMES[2]: Opinion(False, "тоже нет")}
    del heard[NAMES[0]]
    assert differing(whole(opinions={"school": doubted, "curator": heard}), EDITION) == (NAMES[1],)


@given(st.lists(st.sampled_from(list(SIGNS.values())), min_size=10, max_size=10), st.data())
def test_a_proposal_holds_every_high_factor_and_no_low_one(drawn, data):
    levels = dict(zip(NAMES, drawn, strict=True))
    points = {name: data.draw(st.none() | st.floats(0, 100)) for name in NAMES}
    found = proposed(levels, points, EDITION)
    assert {name for name in NAMES if levels[name] == "high"} <= set(found)
    assert all(levels[name] in ("high", "middle") for name in found) and len(set(found)) == len(found)
    least = int(EDITION.number("least_risks"))
    assert len(found) >= min(least, sum(level in ("high", "middle") for level in drawn))
