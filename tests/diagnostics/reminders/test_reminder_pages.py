"""Who runs a survey sees whom it reminds, and reminds with a button."""

import pytest
from django.urls import reverse

from opora.diagnostics.models import Campaign, Reminder

TOLD = {
    "title": "Весна",
    "schools": "all",
    "forms_asked": ["trial-2026"],
    "profile": "opora-2026",
    "levels": "fixed",
}


def test_the_button_says_how_many_and_reminds(signed_in, campaign, people):
    client = signed_in(people.coordinator)
    page = client.get(reverse("diagnostics:campaign", args=(campaign.pk,))).content.decode()
    assert "Напомнить сейчас: 2 школы" in page.replace("\xa0", " ")
    told = client.post(reverse("diagnostics:remind", args=(campaign.pk,)), follow=True).content.decode()
    assert (
        "Напоминания уйдут: 2 школы" in told.replace("\xa0", " ")
        and told.count('<small class="text-secondary">напомнили ') == 2
    )
    again = client.post(reverse("diagnostics:remind", args=(campaign.pk,)), follow=True).content.decode()
    assert "им сегодня уже напомнили" in again and Reminder.objects.count() == 2


def test_a_school_sees_no_button(signed_in, campaign, people):
    client = signed_in(people.director)
    page = client.get(reverse("diagnostics:campaign", args=(campaign.pk,))).content.decode()
    assert "Напоминания школам" not in page
    assert client.post(reverse("diagnostics:remind", args=(campaign.pk,))).status_code == 404


@pytest.mark.parametrize(("typed", "kept"), [("7, 2", [7, 2]), ("2 5;5", [5, 2]), ("", []), (" 60 ", [60])])
def test_a_new_survey_names_its_days(signed_in, typed, kept, places, people, today):
    client = signed_in(people.coordinator)
    days = {"opens_on": today.isoformat(), "closes_on": today.isoformat(), "place": "region:25"}
    answer = client.post(reverse("diagnostics:new_campaign"), TOLD | days | {"reminds": typed})
    assert answer.status_code == 302, answer.content.decode()
    assert Campaign.objects.get().reminds == kept


@pytest.mark.parametrize("typed", ["завтра", "0", "61", "1,2,3,4,5,6", "-3", "2.5", "9" * 5000])
def test_days_that_are_none_are_told_and_nothing_is_lost(signed_in, typed, places, people, today):
    client = signed_in(people.coordinator)
    days = {"opens_on": today.isoformat(), "closes_on": today.isoformat(), "place": "region:25"}
    answer = client.post(reverse("diagnostics:new_campaign"), TOLD | days | {"reminds": typed})
    text = answer.content.decode()
    assert answer.status_code == 422 and "не больше 5 чисел от 1 до 60" in text and "Весна" in text
    assert not Campaign.objects.exists()
