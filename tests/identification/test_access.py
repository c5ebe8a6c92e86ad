"""Who may open which page: by role and place; a foreign page and a missing one look the same."""

import pytest
from django.urls import reverse

ROLES = (
    "operator",
    "analyst",
    "coordinator",
    "municipal",
    "curator",
    "director",
    "observer",
    "stranger",
    "nobody",
)
SCHOOLS = ("listed", "passed", "gymnasium", "foreign")

# Role → schools whose page opens.
SEES = {
    "operator": SCHOOLS,
    "analyst": SCHOOLS,
    "coordinator": ("listed", "passed", "gymnasium"),
    "municipal": ("listed", "passed"),
    "curator": ("listed",),
    "director": ("listed",),
    "observer": ("listed", "passed", "gymnasium"),
    "stranger": ("foreign",),
    "nobody": (),
}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("school", SCHOOLS)
def test_a_school_s_page_opens_within_one_s_reach(published, people, places, signed_in, who, school):
    address = reverse("identification:school", args=(getattr(places, school).pk,))
    answer = signed_in(getattr(people, who)).get(address)
    assert answer.status_code == (200 if school in SEES[who] else 404)


def test_a_foreign_school_and_a_missing_one_answer_alike(published, people, places, signed_in):
    browser = signed_in(people.stranger)
    foreign = browser.get(reverse("identification:school", args=(places.listed.pk,)))
    missing = browser.get(reverse("identification:school", args=(99_999_999,)))
    assert foreign.status_code == missing.status_code == 404
    assert without_addresses(foreign) == without_addresses(missing)


def without_addresses(answer):
    import re

    text = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"/schools/\d+/", "", text)


LISTED = {
    "operator": {"Школа села Ёлкино", "Гимназия № 1", "Степновская школа"},
    "analyst": {"Школа села Ёлкино", "Гимназия № 1", "Степновская школа"},
    "coordinator": {"Школа села Ёлкино", "Гимназия № 1"},
    "municipal": {"Школа села Ёлкино"},
    "curator": {"Школа села Ёлкино"},
    "observer": {"Школа села Ёлкино", "Гимназия № 1"},
    "stranger": {"Степновская школа"},
}


@pytest.mark.parametrize("who", LISTED)
def test_the_list_holds_one_s_own_schools(published, people, signed_in, who):
    page = signed_in(getattr(people, who)).get("/list/").context["page"]
    assert {row.name for row in page.rows} == LISTED[who]
    assert page.chips[0].count == len(LISTED[who])


@pytest.mark.parametrize("who", ["director", "nobody"])
def test_who_sees_no_list_finds_none(published, people, signed_in, who):
    browser = signed_in(getattr(people, who))
    for address in ("/list/", "/runs/", "/runs/new/", "/territory/25/", "/results/", "/results/import/"):
        assert browser.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("who", "leads"),
    [
        ("coordinator", "/territory/25/"),
        ("municipal", "/territory/25/"),
        ("curator", "/territory/25/"),
        ("stranger", "/territory/22/"),
    ],
)
def test_the_first_page_leads_to_one_s_own_region(published, people, signed_in, who, leads):
    assert signed_in(getattr(people, who)).get("/").headers["Location"] == leads


def test_the_first_page_leads_who_sees_no_list_to_the_personal_office(published, people, places, signed_in):
    browser = signed_in(people.director)
    assert browser.get("/").headers["Location"] == "/office/"
    assert f"/schools/{places.listed.pk}/" in browser.get("/office/").content.decode()


def test_without_an_appointment_the_first_page_says_so(people, signed_in):
    answer = signed_in(people.nobody).get("/", follow=True)
    assert answer.status_code == 200
    assert "назначени" in answer.content.decode().lower()


def test_a_municipal_coordinator_sees_the_own_part_of_the_region(published, people, signed_in):
    page = signed_in(people.municipal).get("/territory/25/").context["page"]
    assert [place.name for place in page.places] == ["Ёлкинский район"]
    assert (page.schools, page.listed) == (2, 1)


def test_a_region_has_no_numbers_of_another_one(published, people, signed_in):
    page = signed_in(people.coordinator).get("/territory/25/").context["page"]
    told = {tile.name for tile in page.picture.tiles if tile.value is not None}
    assert told == {"Приморский край"}
    assert signed_in(people.coordinator).get("/territory/22/").status_code == 404


def test_a_draft_is_seen_by_those_who_make_lists_only(draft, people, places, signed_in):
    assert signed_in(people.operator).get("/list/").context["page"].run.state == "draft"
    for who in ("analyst", "coordinator", "municipal", "director", "observer"):
        browser = signed_in(getattr(people, who))
        assert browser.get(f"/runs/{draft.pk}/").status_code == 404
        page = browser.get(reverse("identification:school", args=(places.listed.pk,))).context["page"]
        assert page.run is None


def test_an_expired_appointment_opens_nothing(published, people, signed_in):
    from datetime import date

    people.coordinator.appointments.update(until=date(2021, 1, 1))
    assert signed_in(people.coordinator).get("/list/").status_code == 404


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(client, published, places):
    for address in ("/", "/list/", f"/schools/{places.listed.pk}/", "/results/", "/runs/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in/?next=")
