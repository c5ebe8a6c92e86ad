"""Check-lists: how they are read, what is refused and where, what the shipped one holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.fault_reader import EditionRefused
from opora.methodology.marked import EditionError
from opora.methodology.quality.checklist import ANSWERS, FACTS, LEVELS
from opora.methodology.quality.reading import load_checklist, read_checklist, shipped_checklists

WHOLE = """\
name: own
title: {ru: Свой, en: Own}
from: 2026-01-01
status: Opora default
source: opora
minutes: 30
sections:
  - name: rules
    title: {ru: Правила, en: Rules}
    criteria:
      - name: regulation
        question: {ru: "Есть положение?", en: "Is there a regulation?"}
        proof: {ru: Дата, en: Date}
        levels: {"no": {ru: Нет, en: No}, partly: {ru: Часть, en: Part}, "yes": {ru: Да, en: Yes}}
        measure: {ru: Написать, en: Write it}
      - name: journal
        question: {ru: "Согласны отметки?", en: "Do marks agree?"}
        proof: {ru: Сравнение, en: Comparison}
        weight: 3
        fact: journal
        levels:
          "no": {ru: Нет, en: No}
          partly: {ru: Часть, en: Part}
          "yes": {ru: Да, en: Yes}
          not_applicable: {ru: Не писали, en: None was written}
        measure: {ru: Разобрать, en: Look into it}
"""


def faults(text):
    with pytest.raises(EditionRefused) as refused:
        read_checklist(text, "x.yaml")
    return refused.value.faults


def test_a_check_list_is_read_with_everything_that_it_says():
    """Разделы, критерии, уровни, веса, известные факты."""
    found = read_checklist(WHOLE, "x.yaml")
    first, second = found.criteria.values()
    assert (found.name, found.minutes, found.status, str(found.since)) == (
        "own",
        30,
        "Opora default",
        "2026-01-01",
    )
    assert (first.weight, first.fact, tuple(first.levels)) == (1, "", LEVELS)
    assert (second.weight, second.fact, tuple(second.levels)) == (3, "journal", ANSWERS)
    assert found.section("rules").criteria == (first, second) and found.section("none") is None
    assert len(found.digest) == 64


def test_all_faults_of_a_file_are_told_in_one_pass():
    """Человек правит файл один раз: названы все ошибки, у каждой строка и что допустимо."""
    text = (
        WHOLE.replace("minutes: 30", "minutes: 0")
        .replace("status: Opora default", "status: Opora defalt")
        .replace(
            'question: {ru: "Есть положение?", en: "Is there a regulation?"}', "question: Есть положение"
        )
        .replace("partly: {ru: Часть, en: Part}, ", "parly: {ru: Часть, en: Part}, ")
        .replace("weight: 3", "weight: 11")
        .replace("fact: journal", "fact: jornal")
    )
    told = faults(text)
    for part in (
        "строка 6: здесь нужно целое число от 1 до 240",
        "возможно, «Opora default»",
        "строка 12: нужен текст на двух языках",
        "возможно, «partly»",
        "нет обязательного ключа «partly»",
        "целое число от 1 до 10",
        "возможно, «journal»",
    ):
        assert any(part in fault for fault in told), (part, told)
    assert all(fault.startswith("x.yaml, строка ") for fault in told)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("name: journal\n", "name: regulation\n", "строка 16: критерий «regulation» уже есть"),
        ("    criteria:\n", "    criteria: []\n    unknown:\n", "список «criteria» пуст"),
        ("title: {ru: Свой, en: Own}\n", "", "нет обязательного ключа «title»"),
        ("name: rules", "name: ru les", "имя «ru les»"),
        ("from: 2026-01-01", "from: вчера", "дата вида"),
    ],
)  # fmt: skip
def test_what_is_no_check_list_is_refused_at_its_line(was, now, told):
    assert was in WHOLE
    assert any(told in fault for fault in faults(WHOLE.replace(was, now, 1))), faults(
        WHOLE.replace(was, now, 1)
    )


def test_two_sections_cannot_have_one_name():
    again = (
        WHOLE.partition("sections:\n")[2]
        .replace("name: regulation", "name: r2")
        .replace("name: journal", "name: j2")
    )
    assert any("раздел «rules» уже есть" in fault for fault in faults(WHOLE + again))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    """Любой текст — либо чек-лист, либо названные ошибки."""
    try:
        read_checklist(text, "x.yaml")
    except EditionError as refused:
        assert str(refused)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 40))
def test_a_file_that_is_cut_anywhere_is_refused_in_words(start, length):
    try:
        read_checklist(WHOLE[:start] + WHOLE[start + length :], "x.yaml")
    except EditionError as refused:
        assert "x.yaml" in str(refused)


@pytest.mark.parametrize("name", shipped_checklists())
def test_the_shipped_check_list_is_opora_s_own_and_says_so(name):
    """Семь разделов, 20–25 критериев, каждый на двух языках и с мерой; статус — умолчание Опоры."""
    found = load_checklist(name)
    assert found.status == "Opora default" and 20 <= len(found.criteria) <= 25 and len(found.sections) == 7
    assert {one.fact for one in found.criteria.values()} - {""} == set(FACTS)
    for one in found.criteria.values():
        words = [one.question, one.proof, one.measure, *one.levels.values()]
        assert all(text.ru.strip() and text.en.strip() for text in words), one.name
        assert one.weight == 1


def test_an_unknown_check_list_is_told_with_the_nearest():
    with pytest.raises(EditionRefused, match="возможно, «opora-2026»"):
        load_checklist("opora-2025")
