"""What the pages show: the list under its filters, the school with its reasons, the country with its map."""

from datetime import date

import pytest
from django.urls import reverse

from opora.identification.actions import agree_list, publish_list, start_run


@pytest.fixture
def browser(published, people, signed_in):
    return signed_in(people.operator)


def names(browser, **query):
    return [row.name for row in browser.get("/list/", query).context["page"].rows]


ALL = [
    "Гимназия № 1",
    "Степновская школа",
    "Школа № 12 города Мысового",  # by its number: the mark does not count
    "Школа посёлка Береговой",
    "Школа села Ёлкино",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Гимназия № 1", "Степновская школа", "Школа села Ёлкино"]),
        ({"only": "all"}, ALL),
        ({"only": "rural"}, ["Степновская школа", "Школа села Ёлкино"]),
        ({"region": "25"}, ["Гимназия № 1", "Школа села Ёлкино"]),
        ({"search": "елкино"}, ["Школа села Ёлкино"]),
        ({"search": "ЁЛКИНО школа"}, ["Школа села Ёлкино"]),
        ({"search": "ёлкинский", "only": "all"}, ["Школа посёлка Береговой", "Школа села Ёлкино"]),
        ({"search": "sch250003"}, ["Гимназия № 1"]),
        ({"search": "111001", "region": "25"}, ["Школа села Ёлкино"]),
        ({"search": "№ 12", "only": "all"}, ["Школа № 12 города Мысового"]),
        ({"search": "100%"}, []),
        ({"search": "_"}, []),
        ({"only": "nonsense", "sort": "'; drop", "page": "x", "municipality": "—"}, None),
        ({"sort": "-name"}, ["Школа села Ёлкино", "Степновская школа", "Гимназия № 1"]),
        ({"sort": "-failed", "only": "all", "region": "25"}, None),
        ({"page": "99"}, ["Гимназия № 1", "Степновская школа", "Школа села Ёлкино"]),
    ],
)
def test_filters_leave_these_schools(browser, query, found):
    shown = names(browser, **query)
    if found is not None:
        assert shown == found


def test_the_list_is_sorted_by_name_and_not_by_results(browser):
    assert names(browser, only="all") == ALL


def test_sorting_by_failed_outcomes_is_there_when_asked_for(browser):
    page = browser.get("/list/", {"sort": "-failed", "only": "all"}).context["page"]
    assert [row.failed for row in page.rows] == [2, 2, 2, 1, 0]


def test_a_municipality_narrows_the_list(browser, places):
    found = names(browser, region="25", municipality=places.city.pk, only="all")
    assert found == ["Гимназия № 1", "Школа № 12 города Мысового"]


def test_chips_count_within_the_other_filters(browser):
    page = browser.get("/list/", {"region": "25", "only": "all"}).context["page"]
    assert {chip.key: chip.count for chip in page.chips if chip.key != "unstable"} == {
        "": 2,
        "rural": 1,
        "all": 4,
    }


def test_fifty_schools_stand_on_a_page(browser, published, places):
    from opora.identification.models import Verdict
    from tests.world import add_school

    for number in range(100, 160):
        school = add_school(places.city, number, f"Школа № {number}")
        Verdict.objects.create(
            run=published, list=published.lists[0], school=school, region=places.primorye,
            municipality=places.city, sort_key=school.sort_key or "", rural=False, by_rule=True, listed=True,
            failed=2, counted=2, stability=0.9, unstable=False,
        )  # fmt: skip
    first = browser.get("/list/", {"region": "25"}).context["page"]
    second = browser.get("/list/", {"region": "25", "page": 2}).context["page"]
    assert (len(first.rows), len(second.rows), first.paging.paginator.count) == (50, 12, 62)
    assert not {row.school for row in first.rows} & {row.school for row in second.rows}


def test_htmx_gets_the_table_alone(browser):
    part = browser.get("/list/", {"search": "гимназия"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="table"' in part.lstrip().partition(">")[0]
    assert "Гимназия № 1" in part
    assert "<html" not in part


def test_the_school_page_says_why(browser, places):
    answer = browser.get(reverse("identification:school", args=(places.listed.pk,)))
    page, text = answer.context["page"], answer.content.decode()
    verdict = page.verdicts[0]
    assert verdict.listed
    assert "нуждается в поддержке" in verdict.sentence
    assert [(row.low, row.takers, row.failed, row.deciding) for row in verdict.evidence] == [
        (8, 20, True, True),
        (10, 30, True, True),
    ]
    assert all(row.interval[0] < row.share < row.interval[1] for row in verdict.evidence)
    assert verdict.evidence[0].threshold_label == "больше 30\u00a0%"
    assert verdict.evidence[0].source == "results.csv"
    assert "ВПР-2018, математика, 5 класс" in text
    assert "официальный текст" in text
    assert "слайд 4" in page.edition_source
    assert page.run.order_number == "123-а"
    assert "не предназначены для оценки работы школ" in text
    assert 0 <= verdict.stability <= 1


def test_the_school_page_of_a_school_off_the_list_shows_its_outcomes_too(browser, places):
    page = browser.get(reverse("identification:school", args=(places.passed.pk,))).context["page"]
    assert not page.verdicts[0].listed
    assert [row.failed for row in page.verdicts[0].evidence] == [True, False]
    assert not any(row.deciding for row in page.verdicts[0].evidence)


def test_a_school_without_results_says_so(browser, places, people, signed_in):
    from tests.world import add_school

    empty = add_school(places.city, 77, "Новая школа")
    answer = signed_in(people.operator).get(reverse("identification:school", args=(empty.pk,)))
    assert answer.context["page"].verdicts == ()
    assert "<h1>" in answer.content.decode()


def test_earlier_lists_stay_within_reach(browser, published, places, people):
    agreed = agree_list(start_run("seed-2020", [2018], None, people.operator), people.operator)
    later = publish_list(agreed, "7", date(2021, 3, 1), people.operator)
    address = reverse("identification:school", args=(places.listed.pk,))
    now = browser.get(address).context["page"]
    before = browser.get(address, {"run": published.pk}).context["page"]
    assert (now.run.id, now.verdicts[0].listed) == (later.pk, False)
    assert (before.run.id, before.verdicts[0].listed) == (published.pk, True)
    assert [(one.listed, one.is_current) for one in now.history] == [(False, True), (True, False)]


def test_the_country_has_a_tile_for_every_region_and_none_where_nothing_is_known(browser):
    page = browser.get("/").context["page"]
    assert len(page.picture.tiles) == 85
    told = {tile.name: tile.value for tile in page.picture.tiles if tile.value is not None}
    assert told == {"Приморский край": 0.5, "Алтайский край": 1.0}
    assert (page.schools, page.listed) == (5, 3)


def test_a_region_shows_its_municipalities_by_name(browser):
    page = browser.get("/territory/25/").context["page"]
    assert [(place.name, place.schools, place.listed) for place in page.places] == [
        ("город Мысовой", 2, 1),
        ("Ёлкинский район", 2, 1),
    ]


def test_a_run_is_made_and_published_through_pages(bring, people, signed_in):
    bring(people.operator)
    browser = signed_in(people.operator)
    made = browser.post("/runs/new/", {"edition": "seed-2020", "region": "", "years": ""})
    assert made.status_code == 302
    browser.post(made.headers["Location"], {"step": "agree"})
    wrong = browser.post(made.headers["Location"], {"step": "publish", "number": "", "day": ""})
    assert wrong.status_code == 422
    browser.post(made.headers["Location"], {"step": "publish", "number": "9", "day": "2020-03-02"})
    page = browser.get(made.headers["Location"]).context["page"]
    assert (page.run.is_valid, page.run.order_number, page.next) == (True, "9", "")


@pytest.mark.parametrize("years", ["две тысячи", "18", "2018;2019"])
def test_years_that_are_none_are_told(bring, people, signed_in, years):
    bring(people.operator)
    answer = signed_in(people.operator).post(
        "/runs/new/", {"edition": "seed-2020", "region": "", "years": years}
    )
    assert answer.status_code == 422
    assert "Годы — четыре цифры" in answer.content.decode()


NEUTRAL = ("отстающ", "двоечник", "рейтинг школ", "худш", "слабая школа")


def test_no_page_shames_a_school_and_none_shows_a_raw_tag(browser, places):
    for address in ("/", "/territory/25/", "/list/", "/runs/", f"/schools/{places.listed.pk}/", "/results/"):
        text = browser.get(address).content.decode()
        assert not [word for word in NEUTRAL if word in text.lower()], address
        assert "{%" not in text and "{{" not in text and "<c-" not in text


def test_pages_speak_english_to_who_chose_it(browser, places):
    browser.cookies["django_language"] = "en"
    text = browser.get(f"/schools/{places.listed.pk}/").content.decode()
    assert '<html lang="en">' in text
    assert "needs support" in text


@pytest.mark.parametrize(
    "sort", ["name", "-name", "failed", "-failed", "stability", "-stability", "municipality"]
)
@pytest.mark.parametrize("a_page", [1, 2, 3])
def test_pages_put_together_are_the_whole_list(browser, monkeypatch, sort, a_page):
    """Страницы, сложенные вместе, — весь перечень: никто не пропущен и не повторён."""
    whole = names(browser, only="all", sort=sort)
    monkeypatch.setattr("opora.identification.list_page.A_PAGE", a_page)
    pages = range(1, -(-len(whole) // a_page) + 1)
    assert [name for page in pages for name in names(browser, only="all", sort=sort, page=page)] == whole
