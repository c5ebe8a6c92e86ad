"""A table of people: checked whole, every error with its cell, loaded once; nobody is written to."""

import re
from base64 import b64decode
from datetime import date
from io import BytesIO

import pytest
from django.core import mail, signing
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from opora.accounts.models import User
from opora.audit.models import Event
from opora.people.actions import PeopleRefused, import_people
from opora.people.models import Invitation
from opora.registry.access import NotAllowed
from opora.registry.models import Appointment, Order

HEAD = (
    "ФИО",
    "Почта",
    "Роль",
    "Муниципалитет",
    "Школа",
    "Предмет",
    "С",
    "По",
    "Номер приказа",
    "Дата приказа",
)
BY_ORDER = ("01.09.2026", "", "12-к", "25.08.2026")
FIRST = ("Первая Анна Ивановна", "first@example.org", "куратор")
GOOD = [
    (*FIRST, "", "sch250001", "", *BY_ORDER),
    ("Второй Иван Петрович", "second@example.org", "методист", "", "", "математика", *BY_ORDER),
    ("Третья Ольга Львовна", "third@example.org", "муниципальный координатор", "город Мысовой", *[""] * 6),
    (*FIRST, "", "Гимназия № 1", "", *BY_ORDER),
]


def rows(*lines):
    return [(number, dict(zip(HEAD, line, strict=True))) for number, line in enumerate(lines, 2)]


def workbook(lines, head=HEAD):
    made = Workbook()
    made.active.append(head)
    for line in lines:
        made.active.append(line)
    out = BytesIO()
    made.save(out)
    return SimpleUploadedFile("люди.xlsx", out.getvalue())


def table(**changed):
    line = dict(zip(HEAD, GOOD[0], strict=True)) | changed
    return tuple(line[name] for name in HEAD)


def test_a_checked_table_is_loaded_by_a_second_press(people, places, signed_in):
    """Проверка ничего не меняет; вторая кнопка загружает то, что проверено, без второго выбора файла."""
    browser = signed_in(people.coordinator)
    answer = browser.post("/people/import/", {"file": workbook(GOOD)})
    report = answer.context["report"]
    assert (report.done.people, report.done.added, report.done.unchanged) == (3, 4, 0)
    assert not User.objects.filter(email="first@example.org").exists()
    done = browser.post("/people/import/load/", {"checked": report.checked}).context["report"].done
    assert (done.people, done.added) == (3, 4)
    first = User.objects.get(email="first@example.org")
    assert {one.school for one in first.appointments.all()} == {places.listed, places.gymnasium}
    assert Appointment.objects.get(person__email="second@example.org").subject == "maths"
    assert Order.objects.get().appointments.count() == 3
    assert Order.objects.get().day == date(2026, 8, 25)


def test_nobody_is_written_to_when_a_table_is_loaded(people, places):
    import_people(rows(*GOOD), people.coordinator)
    assert not mail.outbox
    assert not Invitation.objects.exists()
    assert not User.objects.get(email="first@example.org").has_usable_password()


def test_the_same_table_twice_changes_nothing(people, places):
    import_people(rows(*GOOD), people.coordinator)
    before = (list(Appointment.objects.values()), User.objects.count(), Event.objects.count())
    again = import_people(rows(*GOOD), people.coordinator)
    assert (again.people, again.added, again.unchanged) == (0, 0, 4)
    assert (list(Appointment.objects.values()), User.objects.count(), Event.objects.count()) == before


BAD = [
    ({"ФИО": "Иванова"}, "A2", "полностью"),
    ({"ФИО": ""}, "A2", "полностью"),
    ({"Почта": "нет"}, "B2", "не адрес"),
    ({"Роль": "министр"}, "C2", "Такой роли нет"),
    ({"Роль": "аналитик", "Школа": "sch220001"}, "E2", "Школа не найдена"),
    ({"Роль": "федеральный оператор", "Школа": ""}, "C2", "назначаете не вы"),
    ({"Роль": "федеральный оператор"}, "E2", "Место не подходит"),
    ({"Роль": "региональный координатор", "Школа": ""}, "C2", "назначаете не вы"),
    ({"Школа": "Школа, которой нет"}, "E2", "Школа не найдена"),
    ({"Школа": ""}, "E2", "Место не подходит"),
    ({"Предмет": "математика"}, "F2", "только у методиста"),
    ({"Роль": "методист", "Школа": "", "Предмет": "волшебство"}, "F2", "предмета нет"),
    ({"С": "вчера"}, "G2", "не дата"),
    ({"По": "01.08.2026"}, "H2", "раньше, чем начинается"),
    ({"Дата приказа": ""}, "J2", "не полностью"),
    ({"Роль": "директор школы"}, "E2", "уже есть директор"),
]


@pytest.mark.parametrize(("changed", "cell", "sentence"), BAD)
def test_every_error_says_its_cell_what_is_wrong_and_what_is_allowed(
    people, places, signed_in, changed, cell, sentence
):
    before = (Appointment.objects.count(), User.objects.count())
    answer = signed_in(people.coordinator).post("/people/import/", {"file": workbook([table(**changed)])})
    assert answer.status_code == 422
    problem = next(one for one in answer.context["report"].problems if sentence in one.what)
    assert problem.cell == cell
    assert problem.allowed
    assert (Appointment.objects.count(), User.objects.count()) == before


def test_all_errors_come_at_once_and_the_file_comes_back_marked(people, places, signed_in):
    lines = [GOOD[0], table(Почта="нет", Роль="министр"), table(Школа="нет такой"), GOOD[0]]
    report = (
        signed_in(people.coordinator).post("/people/import/", {"file": workbook(lines)}).context["report"]
    )
    assert {one.cell for one in report.problems} >= {"B3", "C3", "E4", "B5"}
    copy = b64decode(re.search(r"base64,(.*)", report.annotated.href)[1])
    marked = load_workbook(BytesIO(copy)).worksheets[1]
    assert marked["C3"].comment is not None
    assert marked["A2"].value == GOOD[0][0]


def test_one_address_has_one_name(people, places):
    with pytest.raises(PeopleRefused) as refusal:
        import_people(
            rows(GOOD[0], table(ФИО="Другая Мария Ивановна", Школа="Гимназия № 1")), people.coordinator
        )
    assert "другое имя" in refusal.value.problems[0].what


def test_two_schools_of_one_name_are_told_apart_by_their_municipality(people, places):
    from tests.world import add_school

    add_school(places.city, 9, "Школа села Ёлкино")
    with pytest.raises(PeopleRefused, match="ошибки"):
        import_people(rows(table(Школа="Школа села Ёлкино")), people.coordinator)
    import_people(rows(table(Школа="Школа села Ёлкино", Муниципалитет="Ёлкинский район")), people.coordinator)
    assert Appointment.objects.get(person__email="first@example.org").school == places.listed


def test_two_directors_of_one_school_in_one_table_are_refused(people, places):
    lines = [table(Роль="директор школы", Школа="Гимназия № 1", Почта=f"d{n}@example.org") for n in range(2)]
    with pytest.raises(PeopleRefused) as refusal:
        import_people(rows(*lines), people.coordinator)
    assert [one.row for one in refusal.value.problems] == [3]


@pytest.mark.parametrize("who", ["municipal", "director", "curator", "observer", "nobody"])
def test_nobody_else_loads_people(people, places, who):
    with pytest.raises(NotAllowed):
        import_people(rows(GOOD[0]), getattr(people, who))


def test_a_checked_table_is_of_no_use_to_another_person_or_changed(people, places, signed_in):
    checked = (
        signed_in(people.coordinator)
        .post("/people/import/", {"file": workbook(GOOD)})
        .context["report"]
        .checked
    )
    for by, text in (
        (people.operator, checked),
        (people.coordinator, checked[:-2] + "xx"),
        (people.coordinator, ""),
    ):
        assert signed_in(by).post("/people/import/load/", {"checked": text}).status_code == 422
    forged = signing.dumps({"by": people.coordinator.pk, "name": "x", "region": "", "rows": []}, salt="other")
    assert signed_in(people.coordinator).post("/people/import/load/", {"checked": forged}).status_code == 422
    assert not User.objects.filter(email="first@example.org").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "просто текст".encode(), b"a;b\n1;2\n"])
def test_what_is_no_table_of_people_is_told_in_a_sentence(people, signed_in, content):
    file = SimpleUploadedFile("люди.csv", content)
    assert signed_in(people.coordinator).post("/people/import/", {"file": file}).status_code == 422


def test_a_table_of_a_region_is_read_in_few_questions(people, places, django_assert_max_num_queries):
    lines = [table(Почта=f"p{n}@example.org", Школа="sch250001") for n in range(300)]
    with django_assert_max_num_queries(14):
        import_people(rows(*lines), people.coordinator, dry=True)
