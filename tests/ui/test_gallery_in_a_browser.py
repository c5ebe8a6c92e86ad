"""The gallery is whole in a real browser: at a desk, on a phone, in the dark, on paper, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

ADDRESS = "/ui/gallery/"
DESK, PHONE, SMALL = (1280, 900), (390, 844), (320, 568)


def wide_things(page):
    """Name what sticks out of the window, outside the places that scroll by themselves."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".o-scroll"))
            .map(one => one.outerHTML.slice(0, 80))"""
    )


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL], ids=["desk", "phone", "small phone"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_never_scrolls_sideways(size, language, shown):
    page = shown(ADDRESS, size, language)
    assert page.evaluate("document.scrollingElement.scrollWidth") == size[0]
    assert wide_things(page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(size, scheme, shown):
    """Проверка доступности: ни одного нарушения ни на свету, ни в темноте."""
    page = shown(ADDRESS, size, color_scheme=scheme)
    for details in page.query_selector_all("details > summary"):
        if details.is_visible():
            details.click()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def test_the_page_is_set_in_its_own_type(shown):
    page = shown(ADDRESS, DESK)
    assert page.evaluate('document.fonts.check("16px Golos Text", "Ж")')
    assert "Golos Text" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_the_dark_theme_follows_the_person_s_wish(shown):
    ground = "getComputedStyle(document.body).backgroundColor"
    grounds = {
        scheme: shown(ADDRESS, DESK, color_scheme=scheme).evaluate(ground) for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(245, 247, 250)", "dark": "rgb(13, 20, 36)"}


def test_on_a_phone_the_menu_opens_without_scripts(shown):
    page = shown(ADDRESS, PHONE, javascript=False)
    button = page.locator(".o-bar-narrow .o-language button")
    assert not button.is_visible()
    page.locator(".o-bar-narrow summary").click()
    assert button.is_visible()


def test_words_in_pictures_are_never_tiny(shown):
    """На телефоне подписи картинок не мельче 12 пикселей."""
    sizes = shown(ADDRESS, PHONE).evaluate(
        """() => [...document.querySelectorAll(".o-picture *")]
            .filter(one => one.children.length === 0 && one.textContent.trim() && one.getClientRects().length)
            .filter(one => !one.closest("title, desc, .visually-hidden"))
            .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert sizes
    assert min(sizes) >= 12


def test_on_a_phone_words_stand_above_their_line_and_on_a_desk_beside_it(shown):
    source = """() => {
        const row = document.querySelector(".o-dots-row");
        const [label, line] = [row.querySelector("th"), row.querySelector(".o-dots-picture")];
        return [label.getBoundingClientRect().bottom <= line.getBoundingClientRect().top + 1,
                label.getBoundingClientRect().right <= line.getBoundingClientRect().left + 1];
    }"""
    assert shown(ADDRESS, PHONE).evaluate(source) == [True, False]
    assert shown(ADDRESS, DESK).evaluate(source) == [False, True]


def test_the_head_of_a_long_table_stays_in_sight(shown):
    page = shown(ADDRESS, DESK)
    head = page.locator(".o-scroll-table").nth(1).locator("thead th").first
    page.locator(".o-scroll-table").nth(1).locator("tbody tr").nth(30).scroll_into_view_if_needed()
    assert head.bounding_box()["y"] == pytest.approx(0, abs=2)


def test_on_paper_there_is_no_navigation_and_nothing_is_cut(shown):
    page = shown(ADDRESS, (794, 1123))
    page.emulate_media(media="print")
    assert not page.locator(".o-bar").is_visible()
    assert not page.locator(".o-filters").first.is_visible()
    assert page.locator("h1").is_visible()
    assert wide_things(page) == []
