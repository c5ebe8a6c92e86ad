"""The demo region looks like a region and names nobody real."""

import re
from collections import Counter

import numpy as np
import pytest

from opora.demo.names import all_places, draw_pupils, words
from opora.demo.region import KINDS, make_region

ENDINGS = {0: ("ий", "ый", "ой"), 1: ("ая", "яя"), 2: ("ое", "ее"), 3: ("ие", "ые")}


def test_region_has_300_schools_in_20_municipalities(region):
    """300 школ в 20 муниципалитетах, и каждая знает свой."""
    assert len(region.schools) == 300
    assert len(region.municipalities) == 20
    assert all(region.of(place) for place in region.municipalities)
    assert sum(len(region.of(place)) for place in region.municipalities) == 300


@pytest.mark.parametrize("code", ["login", "ris", "inn", "ogrn", "name", "full_name"])
def test_no_two_schools_share_a_code_or_a_full_name(region, code):
    """Коды и полные названия школ не повторяются; краткие — внутри муниципалитета."""
    found = [
        (school.municipality.msu, school.name) if code == "name" else getattr(school, code)
        for school in region.schools
    ]
    assert len(set(found)) == len(found)


def test_region_has_every_kind_of_school(region):
    """Есть гимназии, лицеи, основные, начальные, вечерние и коррекционные школы."""
    kinds = Counter(school.kind for school in region.schools)
    assert set(kinds) == set(KINDS)
    assert kinds["secondary"] > kinds["basic"] > kinds["primary"]


def test_region_has_tiny_village_schools_and_big_city_ones(region):
    """В деревне — до трёх учеников в классе, в городе — школы на полтысячи."""
    villages = [school for school in region.schools if school.settlement.startswith("д.")]
    assert sum(school.pupils / (school.last_grade - school.first_grade + 1) <= 3 for school in villages) >= 8
    assert sum(school.pupils > 500 for school in region.schools) >= 20
    assert all(school.pupils < 40 for school in villages)


def test_adjective_of_a_place_agrees_with_its_noun():
    """«Верхняя Заимка», «Кедровый Яр», «Тихое Озеро», «Белые Выселки»: род и число согласованы."""
    forms = {name: form for name, form, _stem in words()["nouns"]}
    for place in all_places():
        if " " in place.name:
            adjective, noun = place.name.split(" ")
            assert adjective.endswith(ENDINGS[forms[noun]]), place.name


def test_adjective_of_a_school_is_one_feminine_word():
    """Школа называется одним прилагательным женского рода: «Верхнезаимская»."""
    assert all(re.fullmatch(r"[А-ЯЁ][а-яё]+ская", place.adjective) for place in all_places())


def test_villages_of_a_region_do_not_repeat(region):
    """У каждой сельской школы вне центра своё село."""
    centres = {place.centre for place in region.municipalities}
    places = [school.settlement[3:] for school in region.schools if school.settlement not in centres]
    assert len(set(places)) == len(places) > 100


def test_quotes_of_every_name_are_paired(region):
    """Кавычки-ёлочки в названиях закрыты."""
    for school in region.schools:
        for name in (school.name, school.full_name):
            assert name.count("«") == name.count("»") == 1


def test_pupils_names_agree_in_gender():
    """Фамилия, имя и отчество одного рода и составлены только из выдуманных слов."""
    girls, boys = set(words()["girls"]), set(words()["boys"])
    for surname, first, patronymic in draw_pupils(np.random.default_rng(1), 300):
        assert (first in girls) == surname.endswith("а") == patronymic.endswith("на")
        assert first in girls | boys
        assert surname in words()["surnames"] or surname[:-1] in words()["surnames"]


def test_the_same_seed_makes_the_same_region_and_another_seed_another():
    """Одно зерно — один регион."""
    first, again, other = make_region(1), make_region(1), make_region(2)
    assert first.schools == again.schools
    assert np.array_equal(first.effect, again.effect)
    assert first.schools != other.schools


@pytest.mark.parametrize(("schools", "municipalities"), [(12, 3), (40, 5), (300, 20), (500, 20)])
def test_a_region_of_any_size_has_exactly_as_many_schools(schools, municipalities):
    """Сколько школ попросили, столько и сделано."""
    made = make_region(3, schools, municipalities)
    assert (len(made.schools), len(made.municipalities)) == (schools, municipalities)
