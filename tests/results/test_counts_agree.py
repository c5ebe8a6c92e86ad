"""Любой список участников, записанный в любом формате, даёт те же числа, что и простой подсчёт."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.results.readers import read
from opora.results.readers.together import read_together
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import tail

SCHOOLS = ("sch224208", "sch771507", "sch77171506")
BOUNDS = {4: (6, 10, 15), 5: (7, 11, 15)}  # maths, by the grade of the programme: facts 1.2
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

points = st.lists(st.integers(0, 6), min_size=3, max_size=3)
rosters = st.lists(
    st.tuples(st.sampled_from(SCHOOLS), st.one_of(points, st.just("отсутствовал"))), min_size=1, max_size=40
)


def naive(roster, bounds):
    """School → (takers, low, histogram), the plain way."""
    totals = [(school, sum(work)) for school, work in roster if not isinstance(work, str)]
    return {
        school: (
            sum(one == school for one, _total in totals),
            sum(one == school and total < bounds[0] for one, total in totals),
            Counter(total for one, total in totals if one == school),
        )
        for school in {one for one, _total in totals}
    }


def read_counts(reading):
    assert not [problem for problem in reading.problems if "ни одного результата" not in problem.what]
    return {
        school: (takers, low, Counter({score: n for score, n in enumerate(scores) if n}))
        for school, takers, low, scores in reading.outcomes.select("school", "takers", "low", "scores").rows()
    }


@few
@given(rosters, st.sampled_from(["xlsx", "utf-8", "cp1251"]))
def test_vpr_rosters_count_the_same_in_every_form(roster, way):
    write = {
        "xlsx": formats.xlsx,
        "utf-8": formats.text,
        "cp1251": lambda rows: formats.text(rows, "cp1251"),
    }[way]
    full = [
        (school, "5А", code, work, None if isinstance(work, str) else sum(work))
        for code, (school, work) in enumerate(roster)
    ]
    autumn = read(write(formats.vpr_2020_rows(full)), Context("Mat5"))
    assert read_counts(autumn) == naive(roster, BOUNDS[4])
    spring = read(write(formats.vpr_2021_rows(full)), Context("ВПР по математике, 5 класс"))
    assert read_counts(spring) == naive(roster, BOUNDS[5])
    since = [(school.replace("sch", "edu"), klass, code, work) for school, klass, code, work, _total in full]
    later = read(write(formats.vpr_2022_rows(since)), Context("ВПР 2022 математика"))
    assert read_counts(later) == naive(roster, BOUNDS[5])


@few
@given(rosters)
def test_a_school_form_counts_its_school(roster):
    rows = formats.vpr_school_rows(
        [
            (
                1,
                code,
                "не присутствовал" if isinstance(work, str) else work,
                None if isinstance(work, str) else sum(work),
            )
            for code, (_school, work) in enumerate(roster)
        ],
        limits=(6, 6, 6),
    )
    reading = read(formats.xlsx(rows), Context("ВПР 2022 математика 4 класс", school=SCHOOLS[0]))
    alone = [(SCHOOLS[0], work) for _school, work in roster]
    assert read_counts(reading) == naive(alone, BOUNDS[4])


@few
@given(
    st.lists(
        st.tuples(st.sampled_from(SCHOOLS), st.integers(0, 45), st.sampled_from([0, 2, 3, 4, 5])),
        min_size=1,
        max_size=60,
    )
)
def test_the_research_set_counts_marks_and_never_mark_zero(roster):
    rows = formats.research_rows(
        [(4, 2, school, code, score, mark, 2019) for code, (school, score, mark) in enumerate(roster)]
    )
    reading = read(formats.text(rows, delimiter=","), Context("x"))
    expected = Counter((school, mark) for school, _score, mark in roster if mark)
    found = Counter()
    for row in reading.outcomes.iter_rows(named=True):
        found.update({(row["school"], mark): row[f"mark{mark}"] for mark in (2, 3, 4, 5)})
        assert row["low"] == row["mark2"]
    assert +found == expected


exam_rosters = st.lists(
    st.tuples(st.sampled_from([1, 21001, 111002]), st.integers(0, 50), st.integers(0, 100)),
    min_size=1,
    max_size=40,
)


@few
@given(exam_rosters, st.integers(0, 100), st.booleans(), st.booleans())
def test_protocols_count_the_same_dense_and_sparse(roster, minimum, is_sparse, as_text):
    pupils = [(school, 11, f"{n:06d}", primary, test) for n, (school, primary, test) in enumerate(roster)]
    rows = formats.ris_rows("01 - Русский язык 2022.06.23", pupils, "Балл", tail(len(pupils), minimum))
    rows = formats.sparse(rows) if is_sparse else rows
    reading = read(formats.text(rows) if as_text else formats.xlsx(rows), Context("x"))
    expected = {
        f"{school:06d}": (
            sum(one[0] == school for one in roster),
            sum(one[0] == school and one[2] < minimum for one in roster),
            Counter(one[1] for one in roster if one[0] == school),
        )
        for school in {one[0] for one in roster}
    }
    assert read_counts(reading) == expected


@few
@given(exam_rosters, st.data())
def test_a_protocol_with_appeals_counts_like_a_protocol_written_anew(roster, data):
    """Применить апелляции к протоколу — то же, что получить протокол с новыми баллами."""
    title = "12 - Обществознание 2021.06.15"
    who = data.draw(st.sets(st.integers(0, len(roster) - 1)))
    after = {n: (data.draw(st.integers(0, 50)), data.draw(st.integers(0, 100))) for n in who}
    before = [(school, 11, f"{n:06d}", primary, test) for n, (school, primary, test) in enumerate(roster)]
    changed = [
        (roster[n][0], f"4512 {n:06d}", "Апелляция удовлетворена", "05.07.2021", roster[n][2], *after[n])
        for n in sorted(who)
    ]
    anew = [
        (school, 11, doc, *after.get(n, (primary, test)))
        for n, (school, _k, doc, primary, test) in enumerate(before)
    ]
    last = tail(len(roster), 42)
    files = [(formats.xlsx(formats.ris_rows(title, before, "Балл", last)), Context("x"))]
    files.append((formats.xlsx(formats.appeal_rows(title, changed)), Context("y")))
    counted, told = read_together(files)
    expected = read(formats.xlsx(formats.ris_rows(title, anew, "Балл", last)), Context("x"))
    assert not told.problems
    assert read_counts(counted) == read_counts(expected)
