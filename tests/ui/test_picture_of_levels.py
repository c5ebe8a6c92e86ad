"""The picture of levels says with its marks what its words say; nothing is drawn that is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.ui.pictures.levels import LevelPlot, LevelRow, level_plot
from tests.ui.test_pictures import drawn, of_class, text

HIGH = LevelRow("Оснащение", "high", "высокая", 72, 61, 83, 35, 60, beside=44, href="#equipment")
ALONE = LevelRow("Кадры", "low", "низкая", 24, 24, 24, 35, 60)
NONE = LevelRow("Родители", "none", "нет данных")


def plot(*rows, beside="середина похожих школ"):
    return drawn(level_plot(LevelPlot("Факторы", rows, beside)))


def row_of(tree):
    return of_class(tree, "o-dots-row")[0]


def test_a_row_stands_where_its_score_is_and_says_it():
    row = row_of(plot(HIGH))
    assert row.get("class") == "o-dots-row o-levels-high"
    assert of_class(row, "o-dots-dot")[0].get("cx") == "72%"
    interval = of_class(row, "o-dots-interval")[0]
    assert (interval.get("x1"), interval.get("x2")) == ("61%", "83%")
    assert of_class(row, "o-levels-beside")[0].get("x1") == "44%"
    assert text(of_class(row, "o-dots-value")[0]) == "высокая72, от 61 до 83"


def test_bands_begin_at_the_rows_own_cut_offs():
    row = row_of(plot(HIGH))
    middle, high = of_class(row, "o-levels-band-middle")[0], of_class(row, "o-levels-band-high")[0]
    assert (middle.get("x"), middle.get("width")) == ("35%", "25%")
    assert (high.get("x"), high.get("width")) == ("60%", "40%")


def test_each_line_says_itself_to_those_who_do_not_see_it():
    title = next(node for node in plot(HIGH).iter("title"))
    assert text(title) == "Оснащение: высокая; 72, от 61 до 83; середина похожих школ: 44"


def test_without_an_interval_only_the_score_is_said():
    row = row_of(plot(ALONE))
    assert text(of_class(row, "o-dots-value")[0]) == "низкая24" and not of_class(row, "o-levels-beside")


def test_no_data_has_no_mark_and_says_so():
    row = row_of(plot(NONE))
    for name in ("o-dots-dot", "o-dots-interval", "o-levels-band-high", "o-levels-beside"):
        assert not of_class(row, name), name
    assert text(of_class(row, "o-dots-value")[0]) == "нет данных"


def test_the_tick_is_explained_only_where_it_is():
    assert "Чёрточка — середина похожих школ." in text(plot(HIGH))
    assert "Чёрточка" not in text(plot(ALONE, beside=""))


def test_words_from_outside_are_escaped():
    markup = level_plot(LevelPlot("Факторы", [LevelRow("<script>", "low", "<b>", note="<i>")]))
    assert not any(tag in markup for tag in ("<script>", "<b>", "<i>"))


@pytest.mark.parametrize("state", ["high", "middle", "low", "none"])
@given(st.lists(st.floats(0, 100), min_size=6, max_size=6))
def test_nothing_is_drawn_outside_the_picture(state, numbers):
    low, value, high = sorted(numbers[:3])
    middle_from, high_from = sorted(numbers[3:5])
    row = LevelRow("Строка", state, "слово", value, low, high, middle_from, high_from, numbers[5])
    for node in plot(row).iter():
        for name in ("x1", "x2", "cx", "x", "width"):
            place = node.get(name, "")
            if place.endswith("%"):
                assert 0 <= float(place[:-1]) <= 100, (name, place)
