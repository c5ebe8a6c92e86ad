"""Schools' attributes: editions, the registry and tables of schools mean the same by the same word."""

import pytest

from opora.methodology import edition as editions
from opora.methodology.attributes import KINDS, SETTLEMENTS, kind_of, settlement_of

VALUES = {"kind": set(KINDS), "settlement": set(SETTLEMENTS)}


@pytest.mark.parametrize("name", editions.shipped())
def test_a_shipped_edition_asks_only_for_kinds_that_schools_have(name):
    """Исключения по виду школы и типу населённого пункта названы словами реестра, иначе они молчат."""
    asked = {
        (column, value)
        for exclusion in editions.load(name).exclusions
        for column, values in exclusion.where
        for value in values
    }
    asked |= {
        (column, value)
        for index in editions.load(name).indexes.values()
        for where, _zones in index.variants
        for column, values in where
        for value in values
    }
    assert {(column, value) for column, value in asked if value not in VALUES.get(column, {value})} == set()


def test_the_registry_has_the_same_words():
    from opora.registry.models import School

    assert set(School.Kind.values) == set(KINDS)
    assert set(School.SettlementKind.values) == set(SETTLEMENTS)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("вечерняя (сменная) школа", "evening"),
        ("Вечерняя", "evening"),
        ("специальная (коррекционная)", "correctional"),
        ("СОШ", "general"),
        ("evening", "evening"),
        ("хоровая студия", "хоровая студия"),
    ],
)
def test_a_kind_is_known_by_the_words_of_tables(said, meant):
    assert kind_of(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"), [("Село", "rural"), ("посёлок  городского типа", "town"), ("г.", "urban")]
)
def test_a_settlement_is_known_by_the_words_of_tables(said, meant):
    assert settlement_of(said) == meant


def test_no_word_means_two_things():
    """Одно слово — одно значение."""
    for words in (KINDS, SETTLEMENTS):
        names = [name for value, told in words.items() for name in {value, *told}]
        assert len(names) == len(set(names))
