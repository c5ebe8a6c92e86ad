"""Every address × every role × one's own, a neighbour's and a foreign place, against one table to be read."""

import pytest

from tests.trust.matrix import (
    LINES,
    METHODS,
    PEOPLE,
    asked_in_turn,
    drawn,
    foreign_words,
    named_addresses,
    word,
)


def test_every_address_of_the_program_stands_in_the_table():
    """Новый адрес, которого нет в таблице, — ошибка: о нём надо решить, кому он открыт."""
    assert {line.name for line in LINES} == named_addresses()


def test_the_table_says_each_thing_once():
    asked = [(line.title(), line.place) for line in LINES]
    assert sorted({one for one in asked if asked.count(one) > 1}) == []
    assert {line.method for line in LINES} == set(METHODS)


@pytest.mark.parametrize("who", PEOPLE.values())
def test_each_address_answers_as_the_table_says(world, everybody, client, who):
    """Страница открыта или закрыта так, как записано, и ничего чужого в ответе нет."""
    found, seen = {}, []
    for line, answer in asked_in_turn(client, world, who, LINES):
        found[line.title(), line.place, who] = word(answer)
        seen += [(line.title(), line.place, mark) for mark in foreign_words(answer, who)]
    was, now = drawn(LINES, {}).splitlines(), drawn(LINES, found).splitlines()
    wrong = [f"записано: {old}\nответ:    {new}" for old, new in zip(was, now, strict=True) if old != new]
    assert not wrong, "\n".join(["matrix.txt", was[0], *wrong])
    assert seen == []
