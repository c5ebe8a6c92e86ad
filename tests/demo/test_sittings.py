"""What is true of the demo region: difficulty, marks, biased schools, missing assessments, the list."""

import numpy as np
import polars as pl
import pytest

from opora.demo.exams import exams, scale_is_even
from opora.demo.sittings import ABSENT, GEOMETRY, counts, hold

RULE = [key for key in exams() if key[1] in ("russian", "maths", "maths_profile")]


@pytest.mark.parametrize("key", list(exams()))
def test_scale_of_each_assessment_rises_and_fits_its_tasks(key):
    """Границы отметок растут и не больше суммы баллов за задания."""
    assert scale_is_even(exams()[key])


def test_an_impossible_scale_is_seen():
    """Если «5» начинается выше наибольшего балла, шкала неверна."""
    from dataclasses import replace

    exam = exams()["vpr", "maths", 5]
    assert not scale_is_even(replace(exam, bounds=(7, 11, sum(exam.tasks) + 1)))
    assert not scale_is_even(replace(exam, bounds=(11, 7, 15)))


def test_minimum_of_ege_is_the_known_one():
    """Порог ЕГЭ: 24 по русскому, 27 по профильной математике; баллом ниже — меньше порога."""
    for subject, minimum in (("russian", 24), ("maths_profile", 27), ("social_studies", 42), ("english", 22)):
        exam = exams()["ege", subject, 11]
        scores = exam.test_scores(np.array([exam.bounds[0] - 1, exam.bounds[0]]))
        assert scores[0] < minimum == scores[1]


def test_score_of_a_pupil_is_the_sum_of_the_tasks(region):
    """Первичный балл — сумма баллов за задания, и ни один балл не больше предела."""
    sitting = hold(region, exams()["vpr", "russian", 5], 2018)
    assert np.array_equal(sitting.points.sum(axis=1), sitting.score)
    assert (sitting.points <= np.array(sitting.exam.tasks)).all()
    assert (sitting.points >= 0).all()


def test_share_of_absent_pupils_is_near_the_set_one(region):
    """Не писали работу около шести процентов, и отметок у них нет."""
    sitting = hold(region, exams()["vpr", "maths", 5], 2019)
    assert abs(1 - sitting.present.mean() - ABSENT) < 0.01
    assert (sitting.mark[~sitting.present] == 0).all()
    assert (sitting.mark[sitting.present] >= 2).all()


def test_biased_schools_have_a_peak_at_the_boundary_and_honest_ones_do_not(region):
    """Где «двойки» дотягивают, ровно на границе «3» стоит больше учеников, чем рядом."""

    def around(schools):
        at, below = 0, 0
        for year in (2018, 2019):
            for subject, grade in (("russian", 5), ("russian", 6)):
                sitting = hold(region, exams()["vpr", subject, grade], year)
                score = sitting.score[sitting.present & np.isin(sitting.school, schools)]
                at += (score == sitting.exam.bounds[0]).sum()
                below += ((score < sitting.exam.bounds[0]) & (score >= sitting.exam.bounds[0] - 4)).sum()
        return at / below

    biased, honest = np.flatnonzero(region.lift > 0), np.flatnonzero(region.lift == 0)
    assert len(biased) > 20
    assert around(biased) > 1.5 > 0.6 > around(honest)


def test_a_three_in_oge_maths_needs_points_of_geometry(region):
    """В ОГЭ по математике «3» не ставят без двух баллов за геометрию, сколько ни набери."""
    sitting = hold(region, exams()["oge", "maths", 9], 2019)
    enough = sitting.score >= sitting.exam.bounds[0]
    geometry = sitting.points[:, 14:19].sum(axis=1) + sitting.points[:, 22:25].sum(axis=1)
    assert (sitting.mark[enough & (geometry < GEOMETRY)] == 2).all()
    assert (enough & (sitting.mark == 2)).any()


def test_special_schools_write_nothing_and_a_basic_school_has_no_eleventh_grade(region):
    """Коррекционные школы ВПР не пишут; в основной школе нет ЕГЭ, в начальной — ОГЭ."""
    table = counts([hold(region, exams()[key], 2018) for key in RULE])
    wrote = {kind: set() for kind in ("special", "basic", "primary", "evening")}
    for school, assessment in table.select("school", "assessment").unique().iter_rows():
        wrote.setdefault(region.schools[int(school)].kind, set()).add(assessment)
    assert wrote["special"] == set()
    assert wrote["basic"] == {"vpr", "oge"}
    assert wrote["primary"] == {"vpr"}
    assert wrote["evening"] == {"oge", "ege"}


def test_some_schools_missed_an_assessment(region):
    """Карантин: часть школ с пятым классом в этот год работу не писала."""
    first, second = (hold(region, exams()["vpr", s, 5], 2018) for s in ("russian", "maths"))
    assert set(first.school) != set(second.school)


def test_a_cohort_keeps_its_size_from_year_to_year(region):
    """Четвероклассники 2018 года — пятиклассники 2019-го: в школе их столько же."""
    fourth = hold(region, exams()["vpr", "russian", 4], 2018)
    fifth = hold(region, exams()["vpr", "russian", 5], 2019)
    both = set(fourth.school) & set(fifth.school)
    assert len(both) > 200
    assert (
        sum(len(fourth.rows(s)) == len(fifth.rows(s)) for s in both if region.schools[s].last_grade > 4) > 200
    )


def test_counts_agree_with_each_other(region):
    """Сумма отметок и сумма гистограммы — это участники; «двойки» — это низкие."""
    table = counts([hold(region, exams()[key], 2018) for key in RULE])
    marks = table.filter(pl.col("mark2").is_not_null())
    assert marks.select(
        (pl.sum_horizontal("mark2", "mark3", "mark4", "mark5") == pl.col("takers")).all()
    ).item()
    assert marks.select((pl.col("mark2") == pl.col("low")).all()).item()
    assert table.select((pl.col("scores").list.sum() == pl.col("takers")).all()).item()
    assert table.select((pl.col("low") <= pl.col("takers")).all()).item()
    assert table.select((pl.col("takers") > 0).all()).item()


def test_list_by_the_2020_rule_is_of_a_believable_size_and_partly_unstable(built):
    """Правило 2020 года по всем загруженным процедурам: 25–45 школ из 300, и не все — уверенно.

    Среди них и малочисленные, и попавшие ровно по двум показателям, и неуспешные почти во всём.
    """
    years = built.truth.filter(pl.col("year").is_in([2018, 2019]))
    failed = years.filter(pl.col("low") * 10 > pl.col("takers") * 3)
    schools = failed.group_by("school").agg(pl.len().alias("failed"), pl.col("takers").mean())
    listed = schools.filter(pl.col("failed") >= 2)
    assert 25 <= listed.height <= 45
    assert listed.filter(pl.col("takers") < 6).height >= 5
    assert listed.filter(pl.col("failed") == 2).height >= 5
    assert listed.filter(pl.col("failed") >= 4).height >= 5
