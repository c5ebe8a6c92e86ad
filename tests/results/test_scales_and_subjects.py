"""Шкалы и предметы — данные с источником; противоречивая шкала не читается."""

import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from opora.results import scales as package
from opora.results.readers.headings import Hints, hints
from opora.results.readers.subjects import subject_by_code, subject_by_letters, subject_in, subjects
from opora.results.scales import Scale, ScaleInconsistent, Scales

SCALES = Scales.load()


@pytest.mark.parametrize(
    ("assessment", "year", "subject", "grade", "below", "enough"),
    [
        ("vpr", 2020, "maths", 4, 5, 6),
        ("vpr", 2021, "russian", 6, 24, 25),
        ("vpr", 2022, "geography", 10, 6, 7),
        ("oge", 2022, "russian", 9, 14, 15),
        ("oge", 2022, "english", 9, 28, 29),
        ("oge", 2023, "maths", 9, 7, 8),
        ("oge", 2023, "informatics", 9, 4, 5),
        ("ege", 2026, "maths_profile", 11, 26, 27),
        ("ege", 2019, "russian", 11, 23, 24),
        ("ege", 2023, "social_studies", 11, 41, 42),
        ("ege", 2025, "informatics", 11, 39, 40),
    ],
)
def test_the_lowest_score_that_is_not_low_is_the_one_in_the_facts(
    assessment, year, subject, grade, below, enough
):
    scale = SCALES.find(year, assessment, subject, grade)
    assert scale.is_low(below)
    assert not scale.is_low(enough)


@pytest.mark.parametrize(
    ("score", "mark"), [(0, 2), (13, 2), (14, 3), (23, 3), (24, 4), (32, 4), (33, 5), (38, 5)]
)
def test_bounds_are_the_lowest_scores_of_their_marks(score, mark):
    assert SCALES.mark(2021, "vpr", "russian", 4, "", score)[0] == mark


def test_every_scale_has_a_source_and_an_honest_status():
    """Пока ни одна шкала не сверена с официальным текстом, и ни одна им не названа."""
    assert len(list(SCALES)) > 200
    assert {scale.status for scale in SCALES} <= {"official text", "reconstructed", "Opora default"}
    assert all(len(scale.source) > 20 for scale in SCALES)
    assert not [scale for scale in SCALES if scale.assessment == "vpr" and scale.status == "official text"]


@given(st.sampled_from([scale for scale in SCALES if scale.bounds]), st.integers(0, 100), st.integers(0, 100))
def test_a_higher_score_never_gives_a_lower_mark(scale, one, other):
    low, high = sorted((one, other))
    assert 2 <= scale.mark(low) <= scale.mark(high) <= 5
    assert scale.is_low(high) <= scale.is_low(low)


def test_a_missing_scale_is_missing_not_guessed():
    assert SCALES.find(2024, "vpr", "maths", 5) is None
    assert SCALES.find(2018, "ege", "russian", 11) is None
    assert SCALES.mark(2022, "ege", "russian", 11, "", 50) is None


def write(folder: Path, **block) -> Path:
    scale = {"years": [2022], "region": "22", "status": "official text", "source": "приказ региона", **block}
    (folder / "own.yaml").write_text(
        yaml.safe_dump({"assessment": "vpr", "scales": [scale]}), encoding="utf-8"
    )
    return folder


def test_a_regions_own_scale_wins_and_the_federal_one_is_the_fallback(tmp_path):
    own = Scales.load(write(tmp_path, marks={"maths": {4: [5, 9, 14]}}))
    assert own.mark(2022, "vpr", "maths", 4, "22", 5) == (3, "приказ региона")
    assert own.mark(2022, "vpr", "maths", 4, "77", 5)[0] == 2
    assert own.mark(2022, "vpr", "russian", 4, "22", 14)[0] == 3


def test_a_regional_correction_is_taken_off_before_the_score_is_judged(tmp_path):
    """Найдено в открытом коде: из итога по математике вычитается один балл."""
    own = Scales.load(write(tmp_path, marks={"maths": {4: [6, 10, 15]}}, subtract={"maths": 1}))
    assert [own.find(2022, "vpr", "maths", 4, "22").is_low(score) for score in (5, 6, 7)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"marks": {"maths": {4: [6, 15, 10]}}}, "возрастать"),
        ({"marks": {"maths": {4: [6, 6, 10]}}}, "возрастать"),
        ({"marks": {"maths": {4: [0, 6, 10]}}}, "больше нуля"),
        ({"marks": {"maths": {4: [6, 10]}}}, "три границы"),
        ({"marks": {"maths": {4: [6, 10, 15]}}, "max_scores": {"maths": {4: 15}}}, "наибольший балл 15"),
    ],
)
def test_a_scale_that_cannot_be_true_is_refused_with_its_place(tmp_path, block, said):
    with pytest.raises(ScaleInconsistent, match=said) as refusal:
        Scales.load(write(tmp_path, **block))
    assert "own.yaml: vpr 2022, maths, 4" in str(refusal.value)


def test_the_known_contradiction_would_be_caught(tmp_path):
    """Русский, 6 класс: другая программа считает наибольшим баллом 45, а «5» начинается с 45."""
    content = yaml.safe_load((Path(package.__file__).parent / "vpr.yaml").read_text(encoding="utf-8"))
    (block,) = content["scales"]
    (other,) = block["contradictions"]
    bounds = block["marks"][other["subject"]][other["grade"]]
    with pytest.raises(ScaleInconsistent):
        Scales.load(
            write(
                tmp_path,
                marks={other["subject"]: {other["grade"]: bounds}},
                max_scores={other["subject"]: {other["grade"]: other["max_score"]}},
            )
        )
    assert block["max_scores"]["russian"][6] == 51


def test_conditions_that_a_sum_cannot_know_are_said():
    assert "ГК1–ГК4" in SCALES.find(2022, "oge", "russian", 9).condition
    assert "геометри" in SCALES.find(2023, "oge", "maths", 9).condition
    assert not SCALES.find(2022, "oge", "physics", 9).condition


def test_a_scale_judges_by_its_minimum_where_it_has_one():
    scale = Scale("ege", 2022, "russian", 0, "", "источник", "reconstructed", minimum=24)
    assert (scale.is_low(23), scale.is_low(24)) == (True, False)


@pytest.mark.parametrize(
    ("phrase", "slug"),
    [
        ("по математике, 4 класс", "maths"),
        ("Математика профильная", "maths_profile"),
        ("математика (базовая)", "maths_basic"),
        ("русскому языку", "russian"),
        ("Информатика и ИКТ (КЕГЭ)", "informatics"),
        ("Окружающий мир", "world_around"),
        ("обществознанию", "social_studies"),
        ("истории", "history"),
        ("английскому языку", "english"),
        ("Немецкий язык", "german"),
        ("физике", "physics"),
        ("химия", "chemistry"),
        ("родная словесность", ""),
    ],
)
def test_a_subject_is_known_by_its_russian_name_in_any_case(phrase, slug):
    assert subject_in(phrase) == slug


def test_codes_and_latin_abbreviations_name_subjects():
    assert [subject_by_code(code) for code in (1, 2, 12, 22, 25, 99)] == [
        "russian",
        "maths_profile",
        "social_studies",
        "maths_basic",
        "informatics",
        "",
    ]
    assert [subject_by_letters(word) for word in ("Mat", "Rus", "Obsh", "Fra", "Ist", "Zzz")] == [
        "maths",
        "russian",
        "social_studies",
        "french",
        "history",
        "",
    ]


def test_no_two_subjects_share_a_code_or_an_abbreviation():
    codes = [code for subject in subjects().values() for code in subject.codes]
    letters = [word for subject in subjects().values() for word in subject.letters]
    assert len(codes) == len(set(codes))
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Mat5.xlsx", Hints(None, "maths", 5, True)),
        ("Rus_6_2020.xlsx", Hints(2020, "russian", 6, True)),
        ("ВПР по русскому языку, 7 класс, 2021.csv", Hints(2021, "russian", 7)),
        ("ВПР 2021-2022 физика 8-е классы.xlsx", Hints(2022, "physics", 8)),
        ("ВПР_2022_осень_математика_5 кл.xlsx", Hints(2022, "maths", 5, sitting="autumn")),
        ("весна 2022 биология.xlsx", Hints(2022, "biology", None, sitting="spring")),
        ("2021 и 2022 биология.xlsx", Hints(None, "biology", None)),
        ("протокол.xlsx", Hints()),
        ("Format5.xlsx", Hints()),
    ],
)
def test_the_name_of_a_file_hints_at_what_is_inside(name, told):
    assert hints(name) == told


def test_the_first_text_that_tells_wins():
    assert hints("ВПР 2021, русский язык", "Rus5 2022.xlsx") == Hints(2021, "russian", 5, True)
    assert hints("ВПР 2021, русский язык", "Mat5 2022.xlsx") == Hints(2021, "russian", None)


def test_comments_in_the_data_say_what_is_reconstructed():
    text = (Path(package.__file__).parent / "vpr.yaml").read_text(encoding="utf-8")
    assert "reconstructed" in text
    assert textwrap.dedent(text).startswith("# ВПР")


def test_a_region_keeps_its_scales_in_a_folder_and_the_readers_use_them(tmp_path, monkeypatch):
    from opora.results.readers import read
    from opora.results.reading import Context
    from tests.results import formats

    rows = formats.vpr_2021_rows([("sch224208", "4А", 1, [1, 1, 3], 5)])
    monkeypatch.setenv("OPORA_SCALES", str(write(tmp_path, years=[2021], marks={"maths": {4: [5, 9, 14]}})))
    name = "ВПР по математике, 4 класс"
    assert read(formats.xlsx(rows), Context(name, region="22")).outcomes["low"].to_list() == [0]
    assert read(formats.xlsx(rows), Context(name, region="77")).outcomes["low"].to_list() == [1]

    write(tmp_path, years=[2021], marks={"maths": {4: [9, 5, 14, 15]}})
    reading = read(formats.xlsx(rows), Context(name, region="22"))
    assert "own.yaml" in reading.problems[0].what
    assert reading.outcomes.is_empty()


def test_a_folder_of_scales_that_is_not_there_leaves_the_federal_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("OPORA_SCALES", str(tmp_path / "нет"))
    assert list(Scales.load()) == list(Scales.load(tmp_path))
    assert list(Scales.load())


@pytest.mark.parametrize(
    "text", ["- 1", "assessment: vpr\nscales: [{years: 5}]", "a: [", "", "assessment: vpr"]
)
def test_a_broken_file_of_scales_is_named(tmp_path, text):
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScaleInconsistent, match=r"bad\.yaml: файл шкал не читается"):
        Scales.load(tmp_path)
