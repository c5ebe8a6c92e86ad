"""The picture of parts says with its bars what its words say; textures tell parts apart without colour."""

from hypothesis import given
from hypothesis import strategies as st

from opora.ui.pictures.parts import PartsPlot, PartsRow, parts_plot
from tests.ui.test_pictures import drawn, of_class, text

OWN = PartsRow("ВПР, 5 класс", (0.3, 0.6, 0.1), (0.25, 0.65, 0.1), "отметок — 20")
NAMES = ("понизили", "подтвердили", "повысили")


def plot(*rows, beside="другие школы"):
    return drawn(parts_plot(PartsPlot("Отметки", NAMES, rows, beside)))


def bars(tree, place):
    """Answer the pieces of one part: of the bar and of the thin one; the last is of the key."""
    return [(one.get("x"), one.get("width")) for one in of_class(tree, f"o-parts-{place}")[:-1]]


def test_parts_follow_one_another_over_what_is_usual():
    """Полоса школы: 30, 60 и 10 %; под ней тонкая — других школ."""
    tree = plot(OWN)
    assert bars(tree, 1) == [("0%", "30%"), ("0%", "25%")]
    assert bars(tree, 2) == [("30%", "60%"), ("25%", "65%")]
    assert bars(tree, 3) == [("90%", "10%"), ("90%", "10%")]


def test_wide_parts_say_their_share_and_narrow_ones_do_not():
    said = [text(one).replace("\xa0", " ") for one in of_class(plot(OWN), "o-parts-word")]
    assert said == ["30 %", "60 %"]


def test_each_bar_says_itself_to_those_who_do_not_see_it():
    title = next(node for node in plot(OWN).iter("title"))
    told = text(title).replace("\xa0", " ")
    assert (
        told == "ВПР, 5 класс: понизили 30 %, подтвердили 60 %, повысили 10 %; другие школы: 25 %, 65 %, 10 %"
    )


def test_parts_differ_by_texture_too():
    markup = parts_plot(PartsPlot("Отметки", NAMES, [OWN]))
    assert markup.count('fill="url(#p') == 6  # two of three parts, in both bars and in the key
    assert markup.count("<pattern") == 2


def test_the_thin_bar_is_explained_only_where_it_is():
    assert "тонкая полоса — другие школы" in text(plot(OWN))
    assert "тонкая полоса" not in text(plot(PartsRow("ВПР", (0.3, 0.6, 0.1))))


def test_nothing_to_show_is_said():
    assert "Показывать пока нечего" in parts_plot(PartsPlot("Отметки", NAMES, []))


def test_words_from_outside_are_escaped():
    markup = parts_plot(PartsPlot("<b>", NAMES, [PartsRow("<script>", (1, 0, 0), None, "<i>")]))
    assert not any(tag in markup for tag in ("<script>", "<b>", "<i>"))


@given(st.lists(st.integers(0, 60), min_size=3, max_size=3).filter(any))
def test_no_bar_leaves_its_picture(counts):
    shares = tuple(one / sum(counts) for one in counts)
    tree = plot(PartsRow("Строка", shares, shares))
    for place in (1, 2, 3):
        for x, width in bars(tree, place):
            assert 0 <= float(x[:-1]) <= 100 and float(x[:-1]) + float(width[:-1]) <= 100.02
