"""Two worlds that differ by foreign rows alone are the same, byte for byte, to whoever they are foreign."""

import re

import pytest
from django.db import connection, transaction
from django.urls import reverse

from opora.audit.models import Anchor, Chain, Change, Event
from opora.diagnostics.models import (
    AnswerCode,
    Campaign,
    CountedGroups,
    PaperPack,
    PaperSheet,
    ProfileRelease,
    Receipt,
    Reminder,
    SchoolProfile,
    Sheet,
    SurveyLink,
    Verification,
)
from opora.diagnostics.own_form_model import OwnForm
from opora.identification.models import (
    Evidence,
    Objection,
    ParticipantChoice,
    PlaceCount,
    Run,
    Scenario,
    Verdict,
)
from opora.people.models import Invitation
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.registry.change_model import SchoolChange
from opora.registry.models import Appointment, Deputyship, Municipality, Order, School
from opora.results.actions import accept_files
from opora.results.models import DeskFile, ImportBatch, ImportedFile
from opora.results.reading import Context
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from tests.world import upload

STRANGERS = ("coordinator", "observer", "municipal", "curator", "director", "nobody", "anonymous")
# The token of a page, names that a pack makes by chance, and its moment are unlike at each asking.
WITHOUT_OWN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
    r'|(data-made|name="told_at" value)="[^"]*"|"csrf": "[^"]*"|<small class="v-made">[^<]*'
)
# Lists, counts, searches, and what could betray a foreign row by a filter or a page number.
QUESTIONS = """
    / /list/ /list/?only=all /list/?only=all&sort=-failed /list/?only=unstable&sort=-stability
    /list/?only=all&page=2 /list/?region=22&only=all /list/?region=25 /list/?search=степн&only=all
    /list/?search=sch220001&only=all /list/?search=школа&only=all /list/?municipality={far}&only=all
    /list/?run={country} /list/?run={far_run} /list/?run={far_draft} /territory/25/ /territory/22/
    /territory/22/?run={far_run} /runs/ /runs/new/ /runs/{country}/ /runs/{own_run}/ /runs/{far_run}/
    /runs/{far_draft}/ /schools/{school}/ /schools/{school}/?run={far_run} /schools/{foreign}/
    /schools/{foreign}/?run={country} /results/ /results/?page=2 /results/import/ /results/arrived/
    /results/arrived/?region=22 /registry/import/ /nowhere/
    /people/ /people/?search=дальн /people/{far_person}/ /log/ /territory/22/log/ /schools/{foreign}/log/
    /log/ /territory/25/log/ /territory/22/log/ /municipalities/{far}/log/ /schools/{school}/log/
    /schools/{foreign}/log/ /people/{far_director}/log/ /people/{director}/log/ /runs/{country}/log/
    /runs/{far_run}/log/ /results/{far_file}/log/ /schools/ /schools/?search=степн /schools/{school}/history/
    /schools/{foreign}/history/ /schools/{school}/figures/ /schools/{foreign}/figures/
    /schools/{school}/viewers/ /schools/{foreign}/viewers/ /runs/{country}/viewers/ /runs/{own_run}/viewers/
    /runs/{own_review}/ /runs/{far_review}/ /objections/{own_objection}/ /objections/{far_objection}/
    /runs/{own_review}/schools/{school}/object/ /runs/{far_review}/schools/{foreign}/object/
    /runs/{own_review}/schools/{school}/amend/ /runs/{far_review}/schools/{foreign}/amend/
    /runs/{own_run}/what-if/ /runs/{far_run}/what-if/ /runs/{country}/what-if/
    /runs/{own_run}/export/?region=22 /runs/{far_run}/export/ /runs/{country}/export/?municipality={far}
    /runs/{own_run}/choices/ /runs/{far_run}/choices/ /choices/{own_choice}/ /choices/{far_choice}/
    /runs/{own_run}/signs/ /runs/{far_run}/signs/ /runs/{country}/signs/?only=all&region=22
    /runs/{own_run}/context/ /runs/{far_run}/context/ /runs/{country}/context/?only=all&region=22
    /schools/{school}/signs/ /schools/{foreign}/signs/?run={country}
    /runs/{own_run}/what-if/stabilised/ /runs/{country}/what-if/stabilised/
    /runs/{own_run}/what-if/?low_share=5 /runs/{country}/what-if/numbers/
    /runs/{far_run}/order/ /schools/{school}/history/record/?way=merge
    /schools/{foreign}/history/{far_change}/take-back/ /results/desk/ /results/desk/{far_desk}/
    /surveys/ /surveys/new/ /surveys/{own_campaign}/ /surveys/{far_campaign}/ /surveys/{far_prepared}/
    /questionnaires/ /questionnaires/new/ /questionnaires/{own_form}/ /questionnaires/{far_form}/
    /questionnaires/{far_draft_form}/ /questionnaires/{far_form}/form.xlsx /questionnaires/parent-2026/
    /surveys/{own_campaign}/schools/{school}/ /surveys/{far_campaign}/schools/{foreign}/
    /surveys/links/{far_link}/codes.pdf /surveys/{own_profiled}/ /surveys/{own_profiled}/profiles/
    /surveys/{far_profiled}/profiles/ /surveys/{own_profiled}/profiles/{foreign}/
    /surveys/{own_profiled}/profiles/{school}/verification/
    /surveys/{far_profiled}/profiles/{foreign}/verification/
    /surveys/links/{own_link}/paper/ /surveys/links/{far_link}/paper/ /surveys/links/{far_link}/paper.pdf
    /surveys/packs/{own_pack}/ /surveys/packs/{far_pack}/ /surveys/packs/{far_pack}/sheets/1/second/
    /quality/ /quality/new/ /quality/{own_check}/ /quality/{own_check}/?search=степн /quality/{far_check}/
    /quality/{far_check}/schools/{foreign}/ /quality/{own_check}/schools/{foreign}/
    /quality/{far_check}/schools/{foreign}/rules/ /quality/{far_check}/schools/{foreign}/plan/
    /quality/{own_check}/schools/{school}/ /quality/{own_check}/schools/{school}/plan/
    /quality/{far_check}/summary.docx /quality/{far_check}/schools/{foreign}/sheet.docx
    /quality/repairs/{far_repair}/ /quality/schools/{school}/marks/ /quality/schools/{foreign}/marks/
    /surveys/{far_profiled}/profiles/{foreign}/ /surveys/{far_profiled}/profiles/{school}/profile.docx
    /visits/ /visits/?school={foreign} /visits/?only=today /visits/new/ /visits/file/ /visits/{own_visit}/
    /visits/{far_visit}/ /visits/{own_visit}/pack/ /visits/{far_visit}/pack/ /visits/{far_visit}/state/
    /visits/{own_visit}/receipts/ /visits/{far_visit}/receipts/ /visits/{far_visit}/protocol.docx
    /visits/{own_visit}/photos/{photo}/ /visits/{far_visit}/photos/{photo}/
"""


def addresses(world):
    """Answer every address that is asked in both worlds; the numbers are those of the first."""
    numbers = {
        "country": world.country.pk,
        "own_run": world.own.pk,
        "far_run": world.far.pk,
        "far_draft": world.far_draft.pk,
        "school": world.places.listed.pk,
        "foreign": world.places.foreign.pk,
        "far": world.places.far.pk,
        "far_person": world.people.far_director.pk,
        "far_file": world.far_file.pk,
        "far_desk": world.far_desk.key,
        "far_change": world.far_change.pk,
        "far_director": world.people.far_director.pk,
        "own_campaign": world.own_campaign.pk,
        "far_campaign": world.far_campaign.pk,
        "own_profiled": world.own_profiled.pk,
        "far_profiled": world.far_profiled.pk,
        "far_prepared": world.far_prepared.pk,
        "own_form": world.own_form.name,
        "far_form": world.far_form.name,
        "far_draft_form": world.far_draft_form.name,
        "far_link": world.far_link.pk,
        "own_link": world.own_link.pk,
        "own_pack": world.own_pack.pk,
        "far_pack": world.far_pack.pk,
        "own_check": world.own_check.pk,
        "far_check": world.far_check.pk,
        "far_repair": world.far_repair.pk,
        "own_visit": world.own_visit.pk,
        "far_visit": world.far_visit.pk,
        "photo": world.far_photo.digest,
        "own_choice": world.own_choice.pk,
        "far_choice": world.far_choice.pk,
        "director": world.people.director.pk,
        "own_review": world.own_review.pk,
        "far_review": world.far_review.pk,
        "own_objection": world.own_objection.pk,
        "far_objection": world.far_objection.pk,
    }
    return [address.format(**numbers) for address in QUESTIONS.split()]


def answers(client, world):
    """Ask everything; the whole answer counts: status, addresses, bytes, but for the page's own token."""
    told = {}
    for address in addresses(world):
        answer = client.get(address)
        told[address] = (answer.status_code, dict(answer.headers), without_own(answer))
    withdraw = reverse("results:withdraw", args=(world.far_file.pk,))
    told["withdraw"] = (client.post(withdraw).status_code,)
    piece, clear = (
        reverse(f"results:{name}", args=(world.far_desk.key,)) for name in ("desk_piece", "clear_from_desk")
    )
    told["desk"] = (client.head(piece).status_code, client.post(clear).status_code)
    told["desk drawn"] = without_own(client.get("/results/desk/", headers={"HX-Request": "true"}))
    answer = client.post(reverse("identification:run", args=(world.far.pk,)), {"number": "1"})
    told["publish"] = (answer.status_code, without_own(answer))
    return told


def without_own(answer):
    return WITHOUT_OWN.sub("", answer.getvalue().decode(errors="replace"))


# Tables whose rows are never deleted: their owner lifts the rule for a moment, in a transaction taken back.
KEPT = (
    "audit_event", "audit_chain", "audit_anchor", "audit_change", "registry_appointment", "registry_order",
    "registry_deputyship", "registry_schoolchange", "registry_school", "registry_municipality",
    "identification_run", "visits_visitrecord", "diagnostics_ownform",
)  # fmt: skip


def remove_the_far_region(world):
    """Take away everything that is foreign, as if it had never been: only the owner of the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    far, places = world.far, world.places
    runs = [far.pk, world.far_draft.pk, world.far_review.pk]
    Objection.objects.filter(run__in=runs)._raw_delete("default")
    Scenario.objects.filter(run__in=runs)._raw_delete("default")
    ParticipantChoice.objects.filter(run__in=runs)._raw_delete("default")
    for model in (Verdict, Evidence, PlaceCount):
        model.objects.filter(run__in=runs)._raw_delete("default")
    for model in (Verdict, Evidence):
        model.objects.filter(school=places.foreign)._raw_delete("default")
    PlaceCount.objects.filter(municipality=places.far)._raw_delete("default")
    Run.objects.filter(pk__in=runs)._raw_delete("default")
    profiled = ProfileRelease.objects.filter(campaign__region="22")
    CountedGroups.objects.filter(release__in=profiled)._raw_delete("default")
    SchoolProfile.objects.filter(region="22")._raw_delete("default")
    Verification.objects.filter(region="22")._raw_delete("default")
    Reminder.objects.filter(region="22")._raw_delete("default")
    for model in (VisitRecord, VisitPhoto, Visit):
        model.objects.filter(region="22")._raw_delete("default")
    profiled._raw_delete("default")
    for model in (AnswerCode, Receipt, Sheet):
        model.objects.filter(link__region="22")._raw_delete("default")
    for model in (PaperSheet, PaperPack, SurveyLink):
        model.objects.filter(region="22")._raw_delete("default")
    for model in (Campaign, OwnForm):
        model.objects.filter(region="22")._raw_delete("default")
    for model in (Repair, SheetPart, CheckSheet, QualityCheck):
        model.objects.filter(region="22")._raw_delete("default")
    DeskFile.objects.filter(by=world.people.stranger)._raw_delete("default")
    ImportedFile.objects.filter(batch__region="22")._raw_delete("default")
    ImportBatch.objects.filter(region="22")._raw_delete("default")
    Change.objects.filter(region="22")._raw_delete("default")
    Event.objects.filter(chain="22")._raw_delete("default")
    Anchor.objects.filter(chain="22")._raw_delete("default")
    Chain.objects.filter(territory="22")._raw_delete("default")
    for model in (Invitation, Deputyship):
        model.objects.filter(school=places.foreign)._raw_delete("default")
    Appointment.objects.filter(school=places.foreign)._raw_delete("default")
    Appointment.objects.filter(region="22")._raw_delete("default")
    Order.objects.filter(region="22")._raw_delete("default")
    SchoolChange.objects.filter(region="22")._raw_delete("default")
    School.objects.filter(pk=places.foreign.pk)._raw_delete("default")
    Municipality.objects.filter(pk=places.far.pk)._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of it is left that points nowhere
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(("who", "language"), [*((who, "ru") for who in STRANGERS), ("coordinator", "en")])
def test_pages_are_the_same_whether_or_not_a_foreign_region_has_schools(world, client, who, language):
    """Страницы, счёт, поиск, ошибки: ни байтом не выдают, что у чужого региона что-то есть."""
    client.cookies["django_language"] = language
    if who != "anonymous":
        client.force_login(getattr(world.people, who))
    with_them = answers(client, world)
    with transaction.atomic():
        remove_the_far_region(world)
        without_them = answers(client, world)
        transaction.set_rollback(True)
    assert {address for address in with_them if with_them[address] != without_them[address]} == set()


def test_the_two_worlds_do_differ_for_who_sees_both(world, client):
    """Проверка проверки: оператор видит разницу на тех же страницах."""
    client.force_login(world.people.operator)
    with_them = answers(client, world)
    with transaction.atomic():
        remove_the_far_region(world)
        without_them = answers(client, world)
        transaction.set_rollback(True)
    differ = {address for address in with_them if with_them[address] != without_them[address]}
    assert {"/", "/list/", "/runs/", f"/runs/{world.country.pk}/", "/results/", "publish"} <= differ


THEIRS = """школа;год;процедура;предмет;класс;участников;низких
sch220001;2021;впр;математика;5;40;30
"""


@pytest.mark.parametrize("who", ["coordinator", "municipal"])
def test_an_import_tells_nothing_of_foreign_schools(world, today, who):
    """Файл с чужой школой: «нет в реестре», есть она там или нет, и учтён ли уже такой файл."""

    def report():
        by = getattr(world.people, who)
        told = accept_files([upload(THEIRS, "x.csv")], Context(name=""), by, today, world.places.primorye)
        return [(one.file.state, one.file.schools, one.problems) for one in told]

    texts = []
    for remove in (False, True):
        with transaction.atomic():
            if remove:
                remove_the_far_region(world)
            texts.append(report())
            transaction.set_rollback(True)
    accept_files(
        [upload(THEIRS, "x.csv")], Context(name=""), world.people.stranger, today, world.places.altai
    )
    texts.append(report())
    assert texts[0] == texts[1] == texts[2]
    assert texts[0][0][0] == "refused"
