"""The data map names every table, and every field that may hold words: a new one is decided on there."""

import pytest
from django.apps import apps
from django.db import connection, models

from tests.repo.tree import ROOT

WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
)
KINDS = ("личное", "тайна", "служебное", "след", "техника")


def told():
    """Read the table of the database: table → fields with words, kind, and the rest of the row."""
    text = (ROOT / "docs" / "data-map.md").read_text(encoding="utf-8")
    part = text.partition("## База")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if "|" in line
    ]
    found = {table: (fields.split(", "), kind, rest) for table, fields, kind, *rest in rows[2:]}
    assert len(found) == len(rows) - 2, "a table is told twice"
    return found


def fields_with_words():
    """Answer table → names of its columns that hold text, JSON or bytes."""
    return {
        model._meta.db_table: [field.column for field in model._meta.local_fields if isinstance(field, WORDS)]
        or ["—"]
        for model in apps.get_models(include_auto_created=True)
    }


def test_every_field_that_may_hold_words_stands_in_the_data_map():
    """Новое поле с текстом: решите, чьи это данные и когда они исчезнут, и допишите строку карты."""
    written = {table: fields for table, (fields, *_rest) in told().items() if table != "django_migrations"}
    assert {table: sorted(fields) for table, fields in written.items()} == {
        table: sorted(fields) for table, fields in fields_with_words().items()
    }


@pytest.mark.django_db
def test_every_table_of_the_database_stands_in_the_data_map():
    """И таблица, у которой нет модели, тоже."""
    assert set(connection.introspection.table_names()) == set(told())


def test_every_row_says_what_for_who_sees_it_and_until_when():
    for table, (_fields, kind, rest) in told().items():
        assert any(kind.startswith(name) for name in KINDS), table
        assert len(rest) == 3 and all(rest), table
