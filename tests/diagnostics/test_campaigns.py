"""Campaigns are made, begun and ended by whom they belong to; invitations are handed out at schools."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.diagnostics.access import visible_campaigns, visible_links
from opora.diagnostics.campaigns.actions import (
    MOST_CODES,
    close_campaign,
    drop_campaign,
    make_codes,
    open_campaign,
    prepare_campaign,
    tell_invited,
)
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.models import AnswerCode, Campaign, SurveyLink
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.registry.refusals import CannotDo
from tests.diagnostics.conftest import DIRECTOR, PARENTS, PUPILS


def test_a_campaign_has_a_link_for_each_school_and_questionnaire(campaign, places):
    """Ученикам и директору — коды, родителям — открытая ссылка; директор один, о других ещё не сказано."""
    links = {(link.school_id, link.form): link for link in SurveyLink.objects.filter(campaign=campaign)}
    assert len(links) == 6 and len({link.token for link in links.values()}) == 6
    mine = {name: links[places.listed.pk, name] for name in (PUPILS, PARENTS, DIRECTOR)}
    assert {name: link.way for name, link in mine.items()} == {
        PUPILS: "codes", PARENTS: "open", DIRECTOR: "codes",
    }  # fmt: skip
    assert [mine[name].invited for name in (PUPILS, PARENTS, DIRECTOR)] == [None, None, 1]


@pytest.mark.parametrize("who", ["director", "curator", "observer", "stranger", "nobody", "analyst"])
def test_only_a_coordinator_of_the_place_prepares_a_campaign(who, asked, places, people):
    with pytest.raises(NotAllowed):
        prepare_campaign(asked(), [places.listed], getattr(people, who))
    assert not Campaign.objects.exists()


def test_a_municipal_coordinator_asks_their_own_schools(asked, places, people):
    """Муниципальный координатор проводит опрос в своём муниципалитете и ни в чьём больше."""
    own = asked(municipality=places.lake)
    assert prepare_campaign(own, [places.listed, places.passed], people.municipal).municipality == places.lake
    with pytest.raises(NotAllowed):
        prepare_campaign(own, [places.listed, places.quiet], people.municipal)
    with pytest.raises(NotAllowed):
        prepare_campaign(asked(), [places.listed], people.municipal)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"title": "  "}, "Назовите"),
        ({"forms": ()}, "анкету"),
        ({"late": -1}, "раньше первого"),
        ({"late": 121}, "120 дней"),
    ],
)
def test_an_odd_campaign_is_refused_in_words(other, said, asked, places, people, today):
    late = other.pop("late", 5)
    with pytest.raises(CannotDo, match=said):
        prepare_campaign(
            asked(closes_on=today + timedelta(days=late), **other), [places.listed], people.coordinator
        )


def test_a_campaign_needs_a_school(asked, people):
    with pytest.raises(CannotDo, match="хотя бы одну школу"):
        prepare_campaign(asked(), [], people.coordinator)


def test_a_campaign_goes_its_way_once(asked, places, people, today):
    """Подготовлен → начат → завершён; назад и дважды нельзя; убрать можно только не начатый."""
    made = prepare_campaign(asked(), [places.listed], people.coordinator)
    with pytest.raises(CannotDo):
        close_campaign(made, people.coordinator)
    assert open_campaign(made, people.coordinator).state == "open"
    for deed in (open_campaign, drop_campaign):
        with pytest.raises(CannotDo):
            deed(made, people.coordinator)
    assert close_campaign(made, people.coordinator).closed_on == today
    for deed in (open_campaign, close_campaign, drop_campaign):
        with pytest.raises(CannotDo):
            deed(made, people.coordinator)
    deeds = Event.objects.filter(deed__startswith="diagnostics.").order_by("number")
    assert [event.deed.partition(".")[2] for event in deeds] == [
        "prepare_campaign", "open_campaign", "close_campaign",
    ]  # fmt: skip


def test_a_campaign_with_codes_is_dropped_by_its_own_coordinator_alone(asked, places, people):
    """Убрать опрос с уже сделанными кодами может его координатор; чужому база не даст ничего стереть."""
    made = prepare_campaign(asked(), [places.listed], people.coordinator)
    make_codes(SurveyLink.objects.get(campaign=made, form=PUPILS), 5, people.coordinator)
    with acting_as(people.stranger), connection.cursor() as cursor:
        cursor.execute("SELECT opora_forget_links(%s)", [made.pk])
    assert SurveyLink.objects.filter(campaign=made).count() == 3 and AnswerCode.objects.count() == 5
    with acting_as(people.coordinator):
        drop_campaign(made, people.coordinator)
    assert not Campaign.objects.exists() and not AnswerCode.objects.exists()


def test_a_campaign_that_is_over_before_it_began_is_not_opened(asked, places, people, today):
    old = asked(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    made = prepare_campaign(old, [places.listed], people.coordinator)
    with pytest.raises(CannotDo, match="подготовьте другой"):
        open_campaign(made, people.coordinator)
    drop_campaign(made, people.coordinator)
    assert not Campaign.objects.exists() and not SurveyLink.objects.exists()


@pytest.mark.parametrize("who", ["director", "municipal", "stranger", "nobody"])
@pytest.mark.parametrize("deed", [open_campaign, close_campaign, drop_campaign])
def test_nobody_else_moves_a_campaign(who, deed, campaign, people):
    with pytest.raises(NotAllowed):
        deed(campaign, getattr(people, who))


def test_codes_are_added_and_count_as_invited(campaign, places, people):
    """Сделаны 30 и ещё 5 кодов: номера идут дальше, приглашено 35; больше, чем бывает людей, не сделать."""
    link = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=PUPILS)
    assert make_codes(link, 30, people.director) == range(1, 31)
    assert make_codes(link, 5, people.director) == range(31, 36)
    link.refresh_from_db()
    assert link.invited == 35 and answered([link.pk])[link.pk].codes == 35
    for count in (0, -1, MOST_CODES):
        with pytest.raises(CannotDo):
            make_codes(link, count, people.director)


def test_the_invited_may_be_said_and_the_director_is_one(campaign, places, people):
    links = {link.form: link for link in SurveyLink.objects.filter(campaign=campaign, school=places.listed)}
    assert tell_invited(links[PARENTS], 60, people.director).invited == 60
    with pytest.raises(CannotDo):
        tell_invited(links[PARENTS], 0, people.director)
    make_codes(links[DIRECTOR], 2, people.director)
    assert SurveyLink.objects.get(pk=links[DIRECTOR].pk).invited == 1
    with pytest.raises(CannotDo, match="открытой ссылке"):
        make_codes(links[PARENTS], 3, people.director)


@pytest.mark.parametrize("who", ["curator", "observer", "stranger", "nobody", "analyst"])
def test_invitations_are_the_schools_own_or_its_coordinators(who, campaign, places, people):
    link = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=PUPILS)
    with pytest.raises(NotAllowed):
        make_codes(link, 3, getattr(people, who))
    with pytest.raises(NotAllowed):
        tell_invited(link, 3, getattr(people, who))


def test_nobody_is_invited_to_a_campaign_that_has_ended(campaign, link, people):
    close_campaign(campaign, people.coordinator)
    with pytest.raises(CannotDo, match="завершён"):
        make_codes(link, 3, people.director)


def test_who_sees_which_campaign(campaign, asked, places, people, today):
    """Начатый опрос видят свои школы, куратор и координаторы; проект — только тот, кто его проводит."""
    draft = prepare_campaign(asked(title="Проект"), [places.listed], people.coordinator)

    def seen(who):
        with acting_as(getattr(people, who)):
            return set(visible_campaigns(getattr(people, who), today).values_list("pk", flat=True))

    assert seen("coordinator") == seen("operator") == {campaign.pk, draft.pk}
    for who in ("director", "curator", "municipal", "analyst"):
        assert seen(who) == {campaign.pk}, who
    for who in ("stranger", "nobody", "observer"):
        assert seen(who) == set(), who


def test_a_director_sees_the_links_of_their_school_alone(campaign, places, people, today):
    with acting_as(people.director):
        links = visible_links(people.director, today)
        assert {link.school_id for link in links} == {places.listed.pk}
        assert {link.school_id for link in SurveyLink.objects.all()} == {places.listed.pk}


def test_the_database_refuses_what_a_campaign_cannot_be(campaign, places, today):
    """Правило сказано и в базе: дни по порядку, анкеты есть, у завершённого — день, ссылка одна."""
    for wrong in (
        {"closes_on": today - timedelta(days=1)},
        {"forms": []},
        {"state": "closed"},
        {"closed_on": today},
        {"region": None, "municipality": places.lake},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**wrong)
    link = SurveyLink.objects.filter(campaign=campaign).first()
    link.pk, link.token = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        link.save(force_insert=True)
