"""Pictures say with their marks what their words say; their SVG is parsed and measured."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.ui.pictures.bars import Bar, Bars, bars, mini_bar
from opora.ui.pictures.histogram import Histogram, histogram
from opora.ui.pictures.intervals import DotPlot, Row, axis_end, dot_plot, state_of
from opora.ui.pictures.scale import even_breaks, step_of
from opora.ui.pictures.scatter import Dot, Scatter, scatter
from opora.ui.pictures.svg import along, element
from opora.ui.pictures.tile_map import Tile, TileMap, tile_map

SPACE = "\u00a0"


def drawn(markup):
    """Parse a picture: it must be well-formed."""
    return ElementTree.fromstring(f"<root>{markup}</root>")


def of_class(tree, name):
    return [node for node in tree.iter() if name in node.get("class", "").split()]


def text(node):
    return " ".join("".join(node.itertext()).replace(SPACE, " ").split())


def plot(*rows, threshold=0.3, **more):
    return drawn(dot_plot(DotPlot("Доли", rows, threshold, **more)))


FAILED = Row("Математика, 5 класс", 0.4, 0.22, 0.61, 20, 8, is_failed=True)
PASSED = Row("Русский, 6 класс", 0.2, 0.08, 0.42, 20, 4)
EXCLUDED = Row("Физика, 9 класс", 0.5, 0.03, 0.97, 2, 1, excluded="участников меньше пяти")
MISSING = Row("Химия, 9 класс", None)


class TestIntervals:
    def test_a_dot_and_its_interval_stand_at_their_shares_of_the_axis(self):
        """На оси до 80 % доля 40 % стоит ровно посередине."""
        tree = plot(FAILED)
        dot, band = of_class(tree, "o-dots-dot")[0], of_class(tree, "o-dots-interval")[0]
        assert dot.get("cx") == "50%"
        assert (band.get("x1"), band.get("x2")) == ("27.5%", "76.25%")

    def test_the_threshold_is_drawn_at_its_place_in_every_row_and_named_once(self):
        tree = plot(FAILED, PASSED)
        lines = of_class(tree, "o-dots-threshold")
        assert {line.get("x1") for line in lines} == {"37.5%"}
        assert len(lines) == 3  # two rows and the head
        assert [text(node) for node in of_class(tree, "o-dots-threshold-name")] == ["порог 30 %"]

    def test_a_threshold_may_have_a_name_of_its_own(self):
        tree = plot(FAILED, threshold_name="медиана региона")
        assert text(of_class(tree, "o-dots-threshold-name")[0]) == "медиана региона"

    @pytest.mark.parametrize(
        ("row", "state"),
        [(FAILED, "failed"), (PASSED, "passed"), (EXCLUDED, "excluded"), (MISSING, "none")],
    )
    def test_each_row_is_drawn_as_the_rule_read_it(self, row, state):
        assert state_of(row) == state
        assert [node.get("class") for node in of_class(plot(row), "o-dots-row")] == [
            f"o-dots-row o-dots-{state}"
        ]

    def test_an_excluded_row_is_never_drawn_as_failed_and_says_why(self):
        row = Row("Физика", 0.5, 0.1, 0.9, 2, 1, is_failed=True, excluded="участников меньше пяти")
        tree = plot(row)
        assert not of_class(tree, "o-dots-failed")
        assert "не учтён: участников меньше пяти" in text(tree)

    def test_a_row_without_a_share_has_no_dot_and_says_so(self):
        tree = plot(MISSING)
        assert not of_class(tree, "o-dots-dot")
        assert text(of_class(tree, "o-dots-value")[0]) == "нет данных"

    def test_the_words_beside_a_row_are_the_share_the_count_and_the_interval(self):
        assert text(of_class(plot(FAILED), "o-dots-value")[0]) == "40 %, 8 из 2022–61 %"

    def test_each_line_says_itself_to_those_who_do_not_see_it(self):
        """Заголовок каждой линии — целое предложение: показатель, решение, доля, интервал, порог."""
        title = next(node for node in plot(FAILED).iter("title"))
        expected = "Математика, 5 класс: неуспешный; 40 %, 8 из 20; интервал 22–61 %; порог 30 %"
        assert text(title) == expected

    def test_a_row_with_another_threshold_says_and_draws_it(self):
        tree = plot(Row("Физика", 0.2, 0.1, 0.3, 50, 10, threshold=0.15, is_failed=True))
        row = of_class(tree, "o-dots-row")[0]
        assert of_class(row, "o-dots-threshold")[0].get("x1") == "37.5%"
        assert "порог 15 %" in text(row)

    def test_without_indicators_there_is_a_sentence(self):
        assert text(plot()) == "Показателей нет."

    def test_words_from_outside_are_escaped(self):
        markup = dot_plot(DotPlot("Доли", [Row("<script>", 0.1, note="<b>")], 0.3))
        assert "<script>" not in markup
        assert "<b>" not in markup

    def test_the_marks_are_explained_only_where_they_are(self):
        assert "Пунктир" not in text(plot(FAILED))
        assert "Пунктир" in text(plot(FAILED, EXCLUDED))
        assert "Закрашена" not in text(plot(PASSED))

    @pytest.mark.parametrize(
        ("highest", "end"), [(0.1, 0.4), (0.4, 0.4), (0.41, 0.6), (0.6, 0.6), (0.95, 1.0), (1.0, 1.0)]
    )
    def test_the_axis_ends_at_the_next_fifth(self, highest, end):
        assert axis_end(DotPlot("", [Row("", 0.05, 0, highest)], 0.3)) == end

    @given(
        st.lists(
            st.tuples(*[st.floats(0, 1) for _ in range(3)], st.booleans(), st.sampled_from(["", "мало"])),
            min_size=1,
            max_size=6,
        )
    )
    def test_nothing_is_drawn_outside_the_picture(self, shares):
        rows = [
            Row("Строка", sorted(three)[1], min(three), max(three), is_failed=failed, excluded=excluded)
            for *three, failed, excluded in shares
        ]
        for node in plot(*rows).iter():
            for name in ("x1", "x2", "cx", "x"):
                if (place := node.get(name, "")).endswith("%"):
                    assert 0 <= float(place[:-1]) <= 100


class TestScale:
    @pytest.mark.parametrize(
        ("value", "step"),
        [(0, 1), (19, 1), (20, 2), (59, 3), (80, 5), (100, 5), (None, None), (float("nan"), None)],
    )
    def test_a_border_belongs_to_the_upper_step(self, value, step):
        assert step_of(value, even_breaks([0, 100])) == step

    def test_one_value_has_nothing_to_compare_with_and_lies_in_the_middle(self):
        assert even_breaks([5, 5, None]) == ()
        assert step_of(5, ()) == 3

    def test_no_values_make_no_steps(self):
        assert even_breaks([None, None]) == ()

    @given(st.lists(st.floats(-1e6, 1e6), min_size=2))
    def test_a_greater_value_never_has_a_lesser_step(self, values):
        breaks = even_breaks(values)
        steps = [step_of(value, breaks) for value in sorted(values)]
        assert steps == sorted(steps)
        assert set(steps) <= {1, 2, 3, 4, 5}


TILES = [
    Tile(0, 0, "АА", "Первая", 0.1, href="/1/"),
    Tile(1, 0, "ББ", "Вторая", 0.5, "50 %, 5 из 10", "/2/", is_current=True),
    Tile(0, 1, "ВВ", "Третья", None, href="/3/"),
]


class TestTileMap:
    @pytest.fixture
    def tree(self):
        return drawn(tile_map(TileMap("Доля школ", TILES, "Доля")))

    def test_each_territory_is_a_link_that_says_its_name_and_value(self, tree):
        links = {node.get("href"): node.get("aria-label") for node in of_class(tree, "o-tile-link")}
        said = {href: label.replace(SPACE, " ") for href, label in links.items()}
        assert said == {"/1/": "Первая: 10 %", "/2/": "Вторая: 50 %, 5 из 10", "/3/": "Третья: нет данных"}

    def test_the_links_come_in_reading_order_whatever_the_order_given(self):
        tree = drawn(tile_map(TileMap("Доля школ", TILES[::-1])))
        assert [node.get("href") for node in of_class(tree, "o-tile-link")] == ["/1/", "/2/", "/3/"]

    def test_no_data_is_hatched_and_never_the_palest_step(self, tree):
        """«Нет данных» — штриховка: её не спутать с нулём."""
        third = next(node for node in of_class(tree, "o-tile-link") if node.get("href") == "/3/")
        hatch = of_class(third, "o-tile-hatch")[0].get("fill")
        patterns = {f"url(#{node.get('id')})" for node in tree.iter("pattern")}
        assert hatch in patterns
        assert not [node for node in third.iter() if "o-scale" in node.get("class", "")]

    def test_zero_is_a_value_and_not_hatched(self):
        tree = drawn(
            tile_map(TileMap("Доля", [Tile(0, 0, "А", "Первая", 0.0), Tile(1, 0, "Б", "Вторая", 1.0)]))
        )
        assert not of_class(tree, "o-tile-hatch")
        assert "нет данных" not in text(tree)

    def test_the_same_numbers_stand_in_a_table_the_highest_first_and_no_data_last(self, tree):
        rows = [text(row) for row in tree.iter("tr")]
        assert rows == ["ТерриторияДоля", "Вторая50 %, 5 из 10", "Первая10 %", "Третьянет данных"]

    def test_the_description_names_the_extremes_and_what_is_missing(self, tree):
        description = text(next(tree.iter("desc")))
        assert (
            description == "Больше всего: Вторая: 50 %, 5 из 10; меньше всего: Первая: 10 %. Нет данных: 1."
        )

    def test_the_current_territory_is_told_apart(self, tree):
        (current,) = of_class(tree, "o-tile-current")
        assert (current.get("href"), current.get("aria-current")) == ("/2/", "true")

    def test_the_legend_says_the_ends_of_the_scale(self, tree):
        assert text(of_class(tree, "o-legend")[0]) == "10 %50 %нет данных"

    def test_tiles_do_not_overlap_and_lie_inside_the_picture(self, tree):
        drawing = of_class(tree, "o-tile-map-drawing")[0]
        left, top, width, height = map(float, drawing.get("viewBox").split())
        boxes = [(float(box.get("x")), float(box.get("y"))) for box in of_class(drawing, "o-tile")]
        assert len(set(boxes)) == len(TILES)
        for x, y in boxes:
            assert left <= x <= left + width - 36
            assert top <= y <= top + height - 36

    def test_a_territory_without_a_page_is_not_a_link(self):
        tree = drawn(tile_map(TileMap("Доля", [Tile(3, 4, "А", "Первая", 0.2)])))
        assert not list(tree.iter("a"))
        assert of_class(tree, "o-tile-place")[0].get("aria-label") == f"Первая: 20{SPACE}%"

    def test_values_may_be_said_in_their_own_way(self):
        tree = drawn(
            tile_map(TileMap("Школы", [Tile(0, 0, "А", "Первая", 7)], say=lambda value: f"{value} школ"))
        )
        assert "Первая: 7 школ" in text(tree)

    def test_two_maps_on_a_page_have_different_ids(self):
        one, two = (drawn(tile_map(TileMap(title, TILES))) for title in ("Первая карта", "Вторая карта"))
        ids = [{node.get("id") for node in tree.iter() if node.get("id")} for tree in (one, two)]
        assert not ids[0] & ids[1]

    def test_without_territories_there_is_a_sentence(self):
        assert text(drawn(tile_map(TileMap("Доля", [])))) == "Территорий пока нет."

    def test_without_any_data_the_description_says_so(self):
        tree = drawn(tile_map(TileMap("Доля", [Tile(0, 0, "А", "Первая")])))
        assert text(next(tree.iter("desc"))) == "Данных нет ни по одной территории."


class TestBars:
    def test_bars_start_at_zero_and_the_longest_fills_the_width(self):
        tree = drawn(bars(Bars("Школы", [Bar("Остались", 20), Bar("Вошли", 5)])))
        drawn_bars = of_class(tree, "o-bars-bar")
        assert [(bar.get("x"), bar.get("width")) for bar in drawn_bars] == [("0", "100%"), ("0", "25%")]

    def test_a_given_maximum_is_kept(self):
        tree = drawn(bars(Bars("Доля", [Bar("Школы", 20)], maximum=80)))
        assert of_class(tree, "o-bars-bar")[0].get("width") == "25%"

    def test_a_bar_without_a_value_is_not_zero(self):
        tree = drawn(bars(Bars("Школы", [Bar("Остались", None), Bar("Вышли", 0)])))
        assert [text(node) for node in of_class(tree, "o-bars-value")] == ["нет данных", "0"]
        assert len(of_class(tree, "o-bars-bar")) == 1

    def test_only_zeros_draw_nothing_and_do_not_fail(self):
        tree = drawn(bars(Bars("Школы", [Bar("Вышли", 0)])))
        assert of_class(tree, "o-bars-bar")[0].get("width") == "0%"

    def test_without_bars_there_is_a_sentence(self):
        assert text(drawn(bars(Bars("Школы", [])))) == "Показывать пока нечего."


class TestHistogram:
    PICTURE = Histogram("Математика", [0, 2, 1, 8, 4], [1, 2, 4, 4, 4], ((3, "«3»"),))

    def test_columns_stand_on_the_floor_and_the_highest_fills_the_height(self):
        columns = of_class(drawn(histogram(self.PICTURE)), "o-histogram-column")
        assert [float(column.get("height")) for column in columns] == [0, 23, 11.5, 92, 46]
        assert {float(one.get("y")) + float(one.get("height")) for one in columns} == {112.0}
        assert [column.get("x") for column in columns] == ["2%", "22%", "42%", "62%", "82%"]

    def test_what_was_expected_is_drawn_on_the_same_scale(self):
        dashes = of_class(drawn(histogram(self.PICTURE)), "o-histogram-expected")
        assert [float(dash.get("y1")) for dash in dashes] == [100.5, 89, 66, 66, 66]

    def test_a_boundary_is_a_line_with_the_name_of_the_mark_and_is_said(self):
        tree = drawn(histogram(self.PICTURE))
        assert of_class(tree, "o-histogram-bound")[0].get("x1") == "60%"
        assert text(of_class(tree, "o-histogram-name")[0]) == "«3»"
        said = text(tree.find(".//title"))
        assert said == "Математика: 15 работ. У границы «3», с 3: чуть ниже 3, на ней и чуть выше 12."

    def test_numbers_under_the_floor_do_not_touch(self):
        many = Histogram("Много", [1] * 60, (), ((19, "«3»"), (20, "«4»"), (59, "«5»")))
        assert [text(one) for one in of_class(drawn(histogram(many)), "o-axis-mark")] == ["0", "19", "59"]

    def test_without_works_there_is_a_sentence(self):
        assert text(drawn(histogram(Histogram("Нет", [0, 0])))) == "Показывать пока нечего."


class TestScatter:
    PICTURE = Scatter(
        "Школы",
        [
            Dot(2, -1, "первая"),
            Dot(-2, 1, "вторая", "/2/", is_strong=True),
            Dot(0, 0, "третья", is_faint=True),
        ],
        ("выше", "ниже", "левее", "правее"),
        "особенная",
    )

    def test_dots_stand_to_the_right_and_above_as_their_numbers_say(self):
        tree = drawn(scatter(self.PICTURE))
        first, third = of_class(tree, "o-scatter-dot")[0], of_class(tree, "o-scatter-faint")[0]
        assert float(first.get("cx").rstrip("%")) > 90 and float(first.get("cy")) > 300
        assert (third.get("cx"), third.get("cy")) == ("50%", "170.0")

    def test_a_strong_one_is_a_square_over_the_others_and_leads_somewhere(self):
        tree = drawn(scatter(self.PICTURE))
        assert [node.tag for node in tree.iter() if node.tag in ("circle", "rect")] == [
            "circle",
            "circle",
            "rect",
        ]
        assert tree.find(".//a").get("href") == "/2/" and tree.find(".//a").get("aria-label") == "вторая"

    def test_the_four_ends_are_named(self):
        assert [text(one) for one in of_class(drawn(scatter(self.PICTURE)), "o-scatter-end")] == [
            "выше",
            "ниже",
            "левее",
            "правее",
        ]

    def test_without_dots_there_is_a_sentence_and_equal_ones_do_not_fail(self):
        ends = ("", "", "", "")
        assert text(drawn(scatter(Scatter("Нет", [], ends, "")))) == "Показывать пока нечего."
        assert of_class(drawn(scatter(Scatter("Одна", [Dot(0, 0, "x")], ends, ""))), "o-scatter-dot")


class TestMiniBar:
    def test_it_is_as_long_as_its_share_and_silent(self):
        tree = drawn(mini_bar(0.25))
        assert of_class(tree, "o-bars-bar")[0].get("width") == "25%"
        assert of_class(tree, "o-mini")[0].get("aria-hidden") == "true"

    def test_without_a_value_there_is_no_bar(self):
        assert mini_bar(None) == ""


class TestMarkup:
    def test_an_attribute_that_is_none_is_left_out(self):
        assert element("a", "x", href=None, aria_label="y") == '<a aria-label="y">x</a>'

    def test_attributes_and_words_are_escaped(self):
        assert element("a", "<", href='"><') == '<a href="&quot;&gt;&lt;">&lt;</a>'

    @pytest.mark.parametrize(
        ("place", "maximum", "written"),
        [(0, 1, "0%"), (1, 1, "100%"), (1 / 3, 1, "33.33%"), (2, 1, "100%"), (-1, 1, "0%")],
    )
    def test_a_place_is_a_percent_kept_inside(self, place, maximum, written):
        assert along(place, maximum) == written

    @pytest.mark.parametrize(
        "markup",
        [
            dot_plot(DotPlot("Доли", [FAILED, PASSED, EXCLUDED, MISSING], 0.3)),
            tile_map(TileMap("Доля", TILES)),
            bars(Bars("Школы", [Bar("Остались", 3)])),
            histogram(TestHistogram.PICTURE),
            scatter(TestScatter.PICTURE),
        ],
    )
    def test_no_picture_has_inline_styles_or_scripts(self, markup):
        """Строгая политика безопасности запретит их, и картинка развалилась бы."""
        for node in drawn(markup).iter():
            assert node.tag not in {"style", "script"}
            assert not [name for name in node.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118
