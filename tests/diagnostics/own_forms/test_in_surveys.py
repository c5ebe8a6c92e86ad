"""A survey asks an own questionnaire from its link to its paper, under the same rules as ours."""

import json
from datetime import timedelta

import pytest

from opora.diagnostics.access import links_to_enter
from opora.diagnostics.answering.taking import mix_sheets, offices
from opora.diagnostics.campaigns.actions import close_campaign, make_codes, open_campaign, prepare_campaign
from opora.diagnostics.campaigns.strips import strips
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import ProfileRelease, SchoolProfile, Sheet, SurveyLink, WaitingSheet
from opora.diagnostics.own_forms.actions import bring_form, put_in_force, withdraw_form
from opora.diagnostics.paper.actions import begin_pack
from opora.diagnostics.paper.printing import paper_form
from opora.diagnostics.profiles.actions import due, release
from opora.diagnostics.profiles.kept import rows
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.registry.refusals import CannotDo
from tests.diagnostics.answered import answer, mix
from tests.diagnostics.conftest import PUPILS
from tests.diagnostics.own_forms.conftest import TITLE, as_brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(asked, own, places, people):
    """A survey that asks the own questionnaire of teachers beside the pupils' one of ours."""
    made = prepare_campaign(asked(forms=(own.name, PUPILS)), [places.listed], people.coordinator)
    return open_campaign(made, people.coordinator)


@pytest.fixture
def link(survey, own):
    return SurveyLink.objects.get(campaign=survey, form=own.name)


def test_a_teacher_answers_it_without_an_account_with_and_without_javascript(link, people, client):
    """Страница по ссылке — слова своей анкеты; ответ принят и формой, и программой страницы."""
    make_codes(link, 3, people.director)
    page = client.get(f"/a/{link.token}/").content.decode()
    assert TITLE in page and "Что мешает?" in page and "Без имён" in page
    assert "To teachers of our own" in client.get(f"/a/{link.token}/?lang=en").content.decode()
    sent = {"code": code_of(link.token, 1), "receipt": "a" * 32, "clear": "3"}
    assert "приняты" in client.post(f"/a/{link.token}/", sent).content.decode()
    told = {"code": code_of(link.token, 2), "receipt": "b" * 32, "answers": {"clear": 9}}
    wrong = client.post(f"/a/{link.token}/", json.dumps(told), content_type="application/json")
    assert wrong.status_code == 422  # its own rules are checked
    told["answers"] = {"clear": 2}
    right = client.post(f"/a/{link.token}/", json.dumps(told), content_type="application/json")
    assert right.json()["told"] == "taken" and WaitingSheet.objects.filter(link=link).count() == 2


def test_its_strips_its_paper_and_its_counts_are_there(link, survey, own, people, signed_in):
    """Полоски, бумажная анкета и явка — как у анкет Опоры."""
    make_codes(link, 2, people.director)
    assert strips(link, 1, 0, "https://opora.example").startswith(b"%PDF")
    assert paper_form(link, "ru").startswith(b"%PDF")
    page = signed_in(people.director).get(f"/surveys/{survey.pk}/schools/{link.school_id}/").content.decode()
    assert TITLE in page
    page = signed_in(people.coordinator).get(f"/surveys/{survey.pk}/").content.decode()
    assert TITLE in page and "не входят" in page and "Учителя" in page


def test_sheets_of_teachers_are_typed_outside_of_their_school(link, people, today):
    """Бумагу своей анкеты учителя школа не вводит: муниципалитет и куратор — да, директор и команда — нет."""
    for who, may in (("municipal", True), ("curator", True), ("director", False), ("stranger", False)):
        person = getattr(people, who)
        with acting_as(person):
            assert links_to_enter(person, today).filter(pk=link.pk).exists() == may
    assert begin_pack(link, people.curator).outside
    with pytest.raises(NotAllowed, match="не в их школе"):
        begin_pack(link, people.director)


def test_pupils_paper_of_an_own_questionnaire_is_typed_at_school(asked, places, people, today):
    draft = bring_form(as_brought(audience="pupil"), places.primorye, people.coordinator)
    own = put_in_force(draft, draft.digest, people.coordinator)
    made = prepare_campaign(asked(forms=(own.name,)), [places.listed], people.coordinator)
    with acting_as(people.director):
        assert links_to_enter(people.director, today).filter(campaign=made).exists()
    with acting_as(people.curator):
        assert not links_to_enter(people.curator, today).filter(campaign=made).exists()


def test_a_teachers_sheet_waits_for_others_and_a_directors_does_not(asked, places, people, link):
    """Лист учителя ждёт пятерых; директор отвечает за должность, и ждать ему некого."""
    answer(link.campaign, places.listed, {link.form: 4})
    assert Sheet.objects.filter(link=link).count() == 0
    answer(link.campaign, places.listed, {link.form: 1}, first=4)
    assert Sheet.objects.filter(link=link).count() == 5
    draft = bring_form(as_brought(audience="director"), places.primorye, people.coordinator)
    own = put_in_force(draft, draft.digest, people.coordinator)
    assert own.name in offices() and link.form not in offices()
    made = open_campaign(
        prepare_campaign(asked(forms=(own.name,)), [places.listed], people.coordinator), people.coordinator
    )
    with acting_as(None):
        assert own.name in offices()  # the program mixes as nobody
    answer(made, places.listed, {own.name: 1})
    assert Sheet.objects.filter(link__campaign=made).count() == 1
    mix_sheets()


def test_the_profile_is_made_as_if_it_were_not_there(survey, link, places, people, today):
    """Ответы на свою анкету не входят в профиль; на странице об этом сказано; выпуск их не ждёт."""
    answer(survey, places.listed, {link.form: 6, PUPILS: 6})
    close_campaign(survey, people.coordinator)
    made = release(survey, today)
    assert made.wave == 0 and ProfileRelease.objects.count() == 1
    assert set(Sheet.objects.filter(link=link).values_list("wave", flat=True)) == {None}
    responses = rows(SchoolProfile.objects.get(release=made).told, "responses")
    assert [one["answered"] for one in responses if one["audience"] == "teacher"] == [0]
    assert due(today) == []
    assert due(today + timedelta(days=60)) == []  # the sheets that no profile counts call for no release


def test_a_survey_of_own_questionnaires_alone_waits_for_no_profile(
    asked, own, places, people, today, signed_in
):
    made = open_campaign(
        prepare_campaign(asked(forms=(own.name,)), [places.listed], people.coordinator), people.coordinator
    )
    answer(made, places.listed, {own.name: 6})
    close_campaign(made, people.coordinator)
    mix(today + timedelta(days=30))
    assert due(today + timedelta(days=30)) == []
    page = signed_in(people.coordinator).get(f"/surveys/{made.pk}/").content.decode()
    assert "Свои анкеты в этом опросе" in page and "составляются" not in page


def test_a_withdrawn_one_is_not_asked_anew_while_what_runs_goes_on(
    asked, survey, link, own, places, people, client
):
    """Снятую в новом опросе не спросить и подготовленный не начать; начатый идёт."""
    prepared = prepare_campaign(asked(forms=(own.name,)), [places.quiet], people.coordinator)
    withdraw_form(own, "", people.coordinator)
    with pytest.raises(CannotDo, match="среди действующих"):
        prepare_campaign(asked(forms=(own.name,)), [places.listed], people.coordinator)
    with pytest.raises(CannotDo, match="снята"):
        open_campaign(prepared, people.coordinator)
    assert TITLE in client.get(f"/a/{link.token}/").content.decode()


def test_a_draft_is_asked_nobody(asked, draft, places, people):
    with pytest.raises(CannotDo, match="среди действующих"):
        prepare_campaign(asked(forms=(draft.name,)), [places.listed], people.coordinator)


def test_a_questionnaire_is_asked_within_its_territory(asked, own, places, people):
    """Анкета края — в его муниципалитете можно; анкета муниципалитета — в крае нельзя; чужую не найти."""
    inner = prepare_campaign(
        asked(forms=(own.name,), municipality=places.lake), [places.listed], people.municipal
    )
    assert inner.forms == [own.name]
    draft = bring_form(as_brought(), places.lake, people.municipal)
    narrow = put_in_force(draft, draft.digest, people.municipal)
    with pytest.raises(CannotDo, match="другой территории"):
        prepare_campaign(asked(forms=(narrow.name,)), [places.listed], people.operator)
    with pytest.raises(CannotDo, match="среди действующих"):
        prepare_campaign(asked(forms=("somebody-own999",)), [places.listed], people.coordinator)
