"""The pages of a list's life: steps on the page of the run, an objection and its answer, a replacement."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from opora.identification.actions import start_run
from opora.identification.models import Amendment, Objection, Run, Verdict
from opora.identification.ways import is_about_low_results
from opora.methodology.edition import load

LAST = "2020-03-02"


@pytest.fixture
def regional(bring, people, places):
    bring(people.operator)
    return start_run("seed-2020", None, places.primorye, people.coordinator)


@pytest.fixture
def page(regional):
    return reverse("identification:run", args=(regional.pk,))


@pytest.fixture
def shown(regional, page, people, signed_in, today):
    """The list as schools see it: sent for agreement through its page."""
    until = (today + timedelta(days=14)).isoformat()
    signed_in(people.coordinator).post(page, {"step": "send", "until": until})
    return Run.objects.get(pk=regional.pk)


def at(name, run, school):
    return reverse(f"identification:{name}", args=(run.pk, school.pk))


def text(answer):
    return answer.content.decode().replace("\xa0", " ")


def test_a_list_goes_all_its_way_through_its_page(shown, page, people, signed_in, settings, tmp_path):
    settings.ORDERS = tmp_path / "orders"
    browser = signed_in(people.coordinator)
    assert [step.state for step in browser.get(page).context["page"].steps] == [
        "done", "current", "ahead", "ahead",
    ]  # fmt: skip
    browser.post(page, {"step": "agree"})
    order = {"number": "12-а", "day": LAST, "valid_until": "2021-08-31"}
    file = SimpleUploadedFile("приказ.pdf", b"%PDF-1.7 order")
    browser.post(page, {"step": "publish", **order, "file": file})
    told = browser.get(page)
    assert told.context["page"].run.is_valid
    assert "приказ № 12-а" in text(told)
    assert "действует до 31 августа 2021" in text(told)
    handed = signed_in(people.director).get(told.context["page"].order_href)
    assert handed.getvalue() == b"%PDF-1.7 order"
    assert handed.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"step": "send", "until": ""}, "Обязательное поле"),
        ({"step": "send", "until": "вчера"}, "дат"),
        ({"step": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_step_that_is_not_whole_changes_nothing(regional, page, people, signed_in, sent, said):
    answer = signed_in(people.coordinator).post(page, sent)
    assert answer.status_code == 422
    assert said is None or said in text(answer)
    assert Run.objects.get(pk=regional.pk).state == "draft"


def test_a_step_out_of_order_is_refused_in_words(regional, page, people, signed_in):
    order = {"step": "publish", "number": "1", "day": LAST}
    answer = signed_in(people.coordinator).post(page, order, follow=True)
    assert "этот шаг здесь не следующий" in text(answer)
    assert Run.objects.get(pk=regional.pk).state == "draft"


def test_a_school_objects_and_reads_the_answer(shown, people, places, signed_in):
    director = signed_in(people.director)
    task = next(one for one in director.get("/office/").context["page"].tasks if "Проверить" in one.name)
    school = director.get(task.href)
    verdict = school.context["page"].verdicts[0]
    assert verdict.amend_href is None
    made = director.post(verdict.object_href, {"reasons": "Чужие работы"})
    answer = director.get(made.headers["Location"])
    assert "Чужие работы" in text(answer)
    assert "ещё не решил" in text(answer)
    assert director.post(made.headers["Location"], {"accept": "yes", "reason": "Сами"}).status_code == 404
    coordinator = signed_in(people.coordinator)
    task = next(one for one in coordinator.get("/office/").context["page"].tasks if "возражению" in one.name)
    assert task.href == made.headers["Location"]
    assert coordinator.post(task.href, {"accept": "", "reason": ""}).status_code == 422
    coordinator.post(task.href, {"accept": "yes", "reason": "Файл соседней школы"})
    answer = text(signed_in(people.director).get(made.headers["Location"]))
    assert "Файл соседней школы" in answer
    assert "выведена из перечня решением" in answer


def test_an_objection_is_refused_in_words_when_one_waits(shown, people, places, signed_in):
    browser = signed_in(people.director)
    browser.post(at("object", shown, places.listed), {"reasons": "Первое"})
    again = browser.post(at("object", shown, places.listed), {"reasons": "Второе"})
    assert again.status_code == 422
    assert "уже ждёт решения" in text(again)
    assert "Второе" in text(again)  # nothing typed is lost


def test_a_coordinator_replaces_a_school_by_a_suggestion(shown, people, places, signed_in):
    browser = signed_in(people.coordinator)
    address = at("amend", shown, places.listed)
    offered = browser.get(address).context["page"].candidates
    assert offered == (
        "Школа посёлка Береговой — sch250002",
        "Школа № 12 города Мысового — sch250004",
    )
    browser.post(address, {"other": offered[0], "reason": "Закрыта на ремонт"})
    rows = browser.get(reverse("identification:run", args=(shown.pk,))).context["page"].amendments
    assert [(row.school, row.joins) for row in rows] == [
        ("Школа посёлка Береговой", True),
        ("Школа села Ёлкино", False),
    ]
    listed = browser.get("/list/", {"run": shown.pk}).context["page"].rows
    assert [(row.name, row.amended) for row in listed] == [
        ("Гимназия № 1", False), ("Школа посёлка Береговой", True),
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["sch250003", "sch220001", "нет такой", "—"])
def test_a_school_that_cannot_join_is_told(shown, people, places, signed_in, named):
    answer = signed_in(people.coordinator).post(
        at("amend", shown, places.listed), {"other": named, "reason": "Ремонт"}
    )
    assert answer.status_code == 422
    assert "Не нашли школу" in text(answer)
    assert named in text(answer)
    assert not Amendment.objects.exists()


def test_a_school_that_is_on_no_list_has_nothing_to_object_to(shown, people, places, signed_in):
    for who, school in ((people.municipal, places.passed), (people.coordinator, places.quiet)):
        for name in ("object", "amend"):
            assert signed_in(who).get(at(name, shown, school)).status_code == 404


def test_what_is_being_agreed_is_seen_by_those_who_are_asked_only(shown, page, people, places, signed_in):
    for who in ("operator", "coordinator", "municipal", "director"):
        assert signed_in(getattr(people, who)).get(page).status_code == 200
    for who in ("analyst", "curator", "observer", "stranger", "nobody"):
        assert signed_in(getattr(people, who)).get(page).status_code == 404


def test_a_neighbour_reads_nothing_of_another_school_s_objection(shown, page, people, places, signed_in):
    signed_in(people.coordinator).post(
        at("amend", shown, places.gymnasium), {"reason": "Тайная причина гимназии"}
    )
    Objection.objects.create(
        run=shown, list=shown.lists[0], school=places.gymnasium, region=places.primorye,
        municipality=places.city, reasons="Тайна гимназии", by=people.coordinator,
    )  # fmt: skip
    told = text(signed_in(people.municipal).get(page))
    assert "гимназии" not in told
    found = Objection.objects.get()
    assert signed_in(people.municipal).get(f"/objections/{found.pk}/").status_code == 404


def test_counts_on_pages_follow_a_decision(shown, page, people, places, signed_in):
    browser = signed_in(people.coordinator)
    browser.post(at("amend", shown, places.listed), {"reason": "Ремонт"})
    assert browser.get(page).context["page"].listed == 1
    place = browser.get("/territory/25/", {"run": shown.pk}).context["page"]
    assert (place.listed, [row.listed for row in place.places]) == (1, [1, 0])
    assert Verdict.objects.filter(run=shown, by_rule=True).count() == 2


def test_a_school_reads_what_would_turn_its_verdict(shown, people, places, signed_in):
    """8 из 20 и 10 из 30 при пороге «больше 30 %»: дешевле всего — 9 из 30."""
    verdict = signed_in(people.director).get(f"/schools/{places.listed.pk}/").context["page"].verdicts[0]
    assert "на 1 меньше" in verdict.ways.out
    assert verdict.ways.steps == ("ВПР-2019, русский язык, 6 класс: 9 вместо 10",)
    told = signed_in(people.coordinator).get(f"/schools/{places.passed.pk}/?run={shown.pk}")
    assert told.context["page"].verdicts[0].ways.steps == ()
    assert "русский язык, 6 класс — 10 низких вместо 2" in text(told)
    quiet = signed_in(people.coordinator).get(f"/schools/{places.quiet.pk}/?run={shown.pk}")
    assert quiet.context["page"].verdicts[0].ways is None  # its one result cannot put it on the list


@pytest.mark.parametrize(("name", "is_told"), [("low", True), ("risk", True), ("high", False)])
def test_ways_are_told_of_lists_that_are_about_low_results(name, is_told):
    assert is_about_low_results(load("three-lists"), name) is is_told
