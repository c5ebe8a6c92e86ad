"""What has arrived: squares by place and subject, gaps by name, two files that contradict each other."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from opora.registry.models import School
from opora.results.actions import accept_files
from opora.results.arrivals import Arrived, Expected, is_by_lot, squares
from opora.results.models import ImportedFile
from opora.results.reading import Context
from tests.world import *  # noqa: F403 (fixtures are found by their names)

ALL, OLDER = range(1, 12), range(10, 12)


def drawn(found):
    return {key: (one.arrived, one.expected, one.missing, one.state) for key, one in found.items()}


def test_a_square_counts_who_has_come_of_those_who_teach_the_grade():
    schools = [Expected(1, 10, ALL), Expected(2, 10, ALL), Expected(3, 10, OLDER), Expected(4, 20, ALL)]
    results = [
        Arrived(1, "maths", 5),
        Arrived(1, "maths", 6),
        Arrived(2, "maths", 5),
        Arrived(1, "physics", 7),
    ]
    assert drawn(squares("vpr", 2019, schools, results)) == {
        (10, "maths"): (2, 2, (), "whole"),
        (20, "maths"): (0, 1, (4,), "none"),
        (10, "physics"): (1, 2, (2,), "part"),
        (20, "physics"): (0, 1, (4,), "none"),
    }


def test_who_teaches_no_such_grade_lacks_nothing():
    """Школа, где эти классы не учат или не известны, пробелом не бывает; пришедший результат засчитан."""
    schools = [Expected(1, 10, ALL), Expected(2, 20, OLDER), Expected(3, 30, range(0))]
    found = squares("vpr", 2019, schools, [Arrived(1, "maths", 5), Arrived(3, "maths", 5)])
    assert drawn(found) == {
        (10, "maths"): (1, 1, (), "whole"),
        (20, "maths"): (0, 0, (), "blank"),
        (30, "maths"): (1, 1, (), "whole"),
    }


@pytest.mark.parametrize(
    ("assessment", "year", "subject", "grades", "by_lot"),
    [
        ("vpr", 2025, "history", {6}, True),
        ("vpr", 2025, "maths", {6}, False),
        ("vpr", 2025, "russian", {4, 5}, False),
        ("vpr", 2024, "history", {6}, False),
        ("vpr", 2025, "history", {6, 11}, False),
        ("oge", 2025, "history", {9}, False),
    ],
)
def test_what_is_drawn_by_lot(assessment, year, subject, grades, by_lot):
    assert is_by_lot(assessment, year, subject, grades) is by_lot


def test_a_subject_by_lot_is_no_gap():
    schools = [Expected(1, 10, ALL), Expected(2, 10, ALL)]
    found = squares("vpr", 2025, schools, [Arrived(1, "history", 6), Arrived(1, "maths", 6)])
    assert drawn(found) == {
        (10, "history"): (1, 2, (), "lot"),
        (10, "maths"): (1, 2, (2,), "part"),
    }


def test_nothing_has_come():
    assert squares("vpr", 2019, [Expected(1, 10, ALL)], []) == {}
    assert squares("vpr", 2019, [], [Arrived(1, "maths", 5)]) == {}


# --- the page


@pytest.fixture
def page(bring, people):
    School.objects.update(levels="1-11")
    bring(people.operator)
    return reverse("results:arrived")


def test_the_region_s_map_names_its_gaps(page, people, signed_in):
    """ВПР-2019, русский язык: у школы № 12 результата нет, она названа; чужой регион не виден."""
    told = signed_in(people.coordinator).get(page).context["page"]
    assert [one.label for one in told.held] == ["ВПР-2019", "ВПР-2018"]
    assert told.title == "ВПР-2019, Приморский край"
    ((place, (gap,)),) = told.gaps
    assert (place, gap.subject, gap.count) == ("город Мысовой", "русский язык", 1)
    assert [name for name, _href in gap.schools] == ["Школа № 12 города Мысового"]
    assert [(row.name, row.squares[0][1].state) for row in told.rows] == [
        ("город Мысовой", "part"),
        ("Ёлкинский район", "whole"),
    ]
    whole = signed_in(people.coordinator).get(page, {"held": "vpr-2018"}).context["page"]
    assert whole.gaps == () and whole.missing == 0


def test_everybody_sees_the_places_that_they_bring_results_of(page, people, signed_in, places):
    told = signed_in(people.municipal).get(page).context["page"]
    assert [row.name for row in told.rows] == ["Ёлкинский район"]
    foreign = signed_in(people.stranger).get(page, {"region": "25"}).context["page"]
    assert foreign.title == "ВПР-2019, Алтайский край"
    assert (
        signed_in(people.operator)
        .get(page, {"region": "22"})
        .context["page"]
        .title.endswith("Алтайский край")
    )
    assert signed_in(people.director).get(page).status_code == 404


def test_a_closed_school_lacks_nothing(page, people, places, signed_in):
    School.objects.filter(pk=places.quiet.pk).update(closed_on="2019-08-31")
    assert signed_in(people.coordinator).get(page).context["page"].gaps == ()


def test_before_anything_has_arrived_the_page_says_what_to_do(people, signed_in, outcomes_folder):
    text = signed_in(people.coordinator).get(reverse("results:arrived")).content.decode()
    assert "Результатов ещё нет" in text and "Загрузить результаты" in text


# --- two files about the same


HEAD = "школа;год;процедура;предмет;класс;участников;низких\n"


def test_a_file_that_contradicts_another_is_shown_beside_it(bring, people, signed_in):
    """Одна строка совпадает, другая нет: видно, что говорил прежний файл и что говорит этот."""
    bring(
        people.coordinator,
        f"{HEAD}sch250001;2018;впр;математика;5;20;8\nsch250002;2018;впр;математика;5;20;8\n",
    )
    again = f"{HEAD}sch250001;2018;впр;математика;5;20;8\nsch250002;2018;впр;математика;5;21;3\n"
    sent = {"files": [SimpleUploadedFile("second.csv", again.encode())]}
    answer = signed_in(people.coordinator).post(reverse("results:import"), sent)
    assert answer.status_code == 422
    (report,) = answer.context["page"].reports
    assert (report.same, report.different) == (1, 1)
    (pair,) = report.pairs
    assert (pair.school, pair.label) == ("Школа посёлка Береговой", "ВПР-2018, математика, 5 класс")
    assert (pair.kept, pair.came, pair.kept_file) == ("8 из 20", "3 из 21", "results.csv")
    assert "Что говорят два файла" in answer.content.decode()
    assert ImportedFile.objects.filter(state="refused").count() == 1


def test_two_files_of_one_go_are_shown_beside_each_other(people, outcomes_folder, today, regions, places):
    texts = [f"{HEAD}sch250001;2018;впр;математика;5;20;{low}\n" for low in (8, 9)]
    files = [upload(text, f"{number}.csv") for number, text in enumerate(texts)]  # noqa: F405
    brought = accept_files(files, Context(name=""), people.coordinator, today)
    (pair,) = brought[1].pairs
    assert (pair.kept, pair.came, pair.kept_file, pair.differs) == (
        (20, 8, None),
        (20, 9, None),
        "0.csv",
        True,
    )
    assert brought[0].pairs == [] and brought[0].file.state == "accepted"
