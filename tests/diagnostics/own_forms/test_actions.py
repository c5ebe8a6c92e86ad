"""A territory brings its own questionnaire; what has been in force stays, nobody writes over another."""

import threading
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.diagnostics.access import forms_to_ask, own_forms, visible_forms
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.actions import (
    bring_form,
    drop_form,
    put_in_force,
    replace_form,
    withdraw_form,
)
from opora.diagnostics.own_forms.reading import SUFFIX, brought
from opora.diagnostics.questionnaires import is_shipped, load, names_for
from opora.questionnaires.editions import shipped
from opora.questionnaires.reading import OWN_TEXT, FormError
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole
from tests.diagnostics.own_forms.conftest import NOTHING, TITLE, as_brought, workbook

pytestmark = pytest.mark.django_db
WHO = [
    "operator",
    "analyst",
    "coordinator",
    "municipal",
    "curator",
    "director",
    "observer",
    "stranger",
    "nobody",
]


def test_a_questionnaire_goes_its_way_once(places, people):
    """Черновик → действует → снята; назад и дважды нельзя; каждый шаг в журнале."""
    draft = bring_form(as_brought(), places.primorye, people.coordinator)
    assert (draft.state, draft.name, draft.title["ru"]) == ("draft", f"own-2026-own{draft.pk}", TITLE)
    seen = draft.digest
    own = put_in_force(draft, seen, people.coordinator)
    assert load(own.name).title["ru"] == TITLE and load(own.name).status == OWN_TEXT
    for deed in (put_in_force, drop_form):
        with pytest.raises(CannotDo, match="уже действовала"):
            deed(own, seen, people.coordinator)
    with pytest.raises(CannotDo):
        replace_form(own, seen, as_brought(), people.coordinator)
    withdraw_form(own, seen, people.coordinator)
    with pytest.raises(CannotDo, match="действует"):
        withdraw_form(own, seen, people.coordinator)
    deeds = Event.objects.filter(deed__contains="_form").values_list("deed", "details__form")
    assert list(deeds.order_by("pk")) == [
        (f"diagnostics.{deed}", own.name) for deed in ("bring_form", "put_form_in_force", "withdraw_form")
    ]


def test_its_name_is_none_of_those_of_opora_and_says_where_it_came_from(places, people):
    """Скачанная и загруженная снова анкета получает новое имя, не длиннее прежнего."""
    assert not any(SUFFIX.search(name) for name in shipped())
    first = bring_form(as_brought(), places.primorye, people.coordinator)
    again = bring_form(
        brought(workbook(name=first.name), "own.xlsx", NOTHING), places.primorye, people.coordinator
    )
    assert again.name == f"own-2026-own{again.pk}" != first.name
    assert not is_shipped(again.name)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnForm.objects.filter(pk=first.pk).update(name="teacher-2026")


@pytest.mark.parametrize("who", WHO)
def test_only_a_coordinator_of_the_place_brings_and_keeps(who, draft, places, people):
    """Загружает, вводит и снимает координатор территории; оператор — тоже; остальным отказано."""
    person, may = getattr(people, who), who in ("operator", "coordinator")
    for deed in (
        lambda: bring_form(as_brought(), places.primorye, person),
        lambda: put_in_force(draft, draft.digest, person),
        lambda: withdraw_form(draft, draft.digest, person),
    ):
        if may:
            deed()
        else:
            with pytest.raises(NotAllowed):
                deed()


def test_a_municipality_has_its_own(places, people):
    """Муниципальный координатор загружает анкету муниципалитета, но не региона и не соседей."""
    own = bring_form(as_brought(), places.lake, people.municipal)
    assert (own.municipality, own.region_id) == (places.lake, "25")
    for place in (places.primorye, None):
        with pytest.raises(NotAllowed):
            bring_form(as_brought(), place, people.municipal)
    put_in_force(own, own.digest, people.coordinator)  # the region answers for its municipalities


def test_what_hinders_keeps_a_draft_from_people(places, people):
    """Не добровольную анкету учителя в действие не ввести; сказано почему; черновик цел."""
    draft = bring_form(as_brought(voluntary=False), places.primorye, people.coordinator)
    with pytest.raises(NotWhole) as refusal:
        put_in_force(draft, draft.digest, people.coordinator)
    assert [one.at for one in refusal.value.lacks] == ["opora_voluntary"]
    assert OwnForm.objects.get(pk=draft.pk).state == "draft"
    with pytest.raises(FormError):
        load(draft.name)  # nobody is asked a draft


def test_a_stale_page_changes_nothing(draft, people, places):
    """Пока страница была открыта, черновик заменили: ни ввести, ни заменить, ни убрать по старой нельзя."""
    seen = draft.digest
    replace_form(draft, seen, as_brought(minutes=4), people.coordinator)
    for deed in (
        lambda: put_in_force(draft, seen, people.coordinator),
        lambda: replace_form(draft, seen, as_brought(), people.coordinator),
        lambda: drop_form(draft, seen, people.coordinator),
    ):
        with pytest.raises(ChangedMeanwhile):
            deed()
    assert OwnForm.objects.get(pk=draft.pk).minutes == 4


def test_a_dropped_draft_is_gone(draft, people):
    drop_form(draft, draft.digest, people.coordinator)
    assert not OwnForm.objects.exists()
    with pytest.raises(ChangedMeanwhile):
        put_in_force(draft, draft.digest, people.coordinator)


CHANGES = [
    {"text": "other"},
    {"digest": "0" * 64},
    {"audience": "pupil"},
    {"state": "draft"},
    {"region": None},
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_keeps_what_was_in_force(own, change, people):
    """И в обход действий: действовавшая анкета не меняется, не становится черновиком и не удаляется."""
    with pytest.raises(DatabaseError, match="has been in force"), transaction.atomic():
        OwnForm.objects.filter(pk=own.pk).update(**change)
    refused = pytest.raises(DatabaseError, match="has been in force")
    with acting_as(people.coordinator), refused, transaction.atomic():
        own.delete()


def test_a_withdrawn_one_stays_withdrawn(own, people):
    withdraw_form(own, "", people.coordinator)
    with pytest.raises(DatabaseError, match="has been in force"), transaction.atomic():
        OwnForm.objects.filter(pk=own.pk).update(state="in_force")


SEEN = {
    # who → sees a draft, sees one in force, may ask it
    "operator": (True, True, True),
    "coordinator": (True, True, True),
    "municipal": (False, True, True),
    "analyst": (False, True, False),
    "curator": (False, True, False),
    "director": (False, True, False),
    "observer": (False, False, False),
    "stranger": (False, False, False),
    "nobody": (False, False, False),
}


@pytest.mark.parametrize("who", SEEN)
def test_who_sees_a_questionnaire_of_the_region(who, draft, people, today):
    """Черновик видят координаторы его территории; действующую — и те, кто живёт внутри неё."""
    person = getattr(people, who)
    sees_draft, sees, asks = SEEN[who]
    with acting_as(person):
        assert visible_forms(person, today).exists() == sees_draft
        if who in ("municipal", "curator", "director", "stranger", "nobody"):
            assert not OwnForm.objects.exists()  # the second wall says the same
    put_in_force(draft, draft.digest, people.coordinator)
    with acting_as(person):
        assert visible_forms(person, today).exists() == sees
        assert forms_to_ask(person, today).exists() == asks
        assert own_forms(person, today).exists() == (who in ("operator", "coordinator"))


def test_whoever_answers_reads_what_is_in_force_and_no_draft(draft, people):
    """Без учётной записи: текст действующей анкеты читается по имени, черновик — нет."""
    with acting_as(None):
        with pytest.raises(FormError):
            load(draft.name)
        assert not OwnForm.objects.exists()
    put_in_force(draft, draft.digest, people.coordinator)
    with acting_as(None):
        assert load(draft.name).title["ru"] == TITLE
        assert draft.name in names_for(["teacher"]) and draft.name not in names_for(["pupil"])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_put_in_force_and_replace_at_once_one_wins(places, people):
    """Один вводит в действие, другой в тот же миг заменяет: в силе то, что было видно на странице."""
    draft = bring_form(as_brought(), places.primorye, people.coordinator)
    seen, told, together = draft.digest, SimpleNamespace(done=[]), threading.Barrier(2)

    def run(deed):
        together.wait()
        try:
            deed()
            told.done.append("done")
        except (ChangedMeanwhile, CannotDo) as refusal:
            told.done.append(type(refusal).__name__)
        finally:
            connection.close()

    deeds = (
        lambda: put_in_force(draft, seen, people.coordinator),
        lambda: replace_form(draft, seen, as_brought(minutes=4), people.coordinator),
    )
    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told.done) in (["ChangedMeanwhile", "done"], ["CannotDo", "done"])
    kept = OwnForm.objects.get(pk=draft.pk)
    assert (kept.state, kept.digest == seen) in (("in_force", True), ("draft", False))
