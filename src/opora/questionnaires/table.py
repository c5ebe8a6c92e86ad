"""The table of answers: a row a respondent, a column a field; what the rules of scores count on."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from opora.questionnaires.form import DONT_KNOW, Field, Form

UNKNOWN = -1  # «не знаю»
SCHOOL = "school"


def columns(form: Form) -> list[str]:
    """Name the columns besides ``school``, in the order of the questions; free text has none."""
    return [field.name for field in form.fields.values() if field.kind != "text"]


def as_row(form: Form, answers: Mapping[str, Any]) -> list[int | None]:
    """Give the columns of one sheet.

    Units: steps 1…k of a scale; counts and percents as they are; the number of an option, from 1; 0 or 1 of
    an option of many. Empty: None, where nothing was answered; -1 for «не знаю».
    """
    return [_cell(field, answers) for field in form.fields.values() if field.kind != "text"]


def _cell(field: Field, answers: Mapping[str, Any]) -> int | None:
    item = field.item
    value = answers.get(item.name if field.kind == "flag" else field.name)
    if value is None:
        return None
    if value == DONT_KNOW:
        return UNKNOWN
    if field.kind == "flag":
        return int(field.name.rpartition(".")[2] in value)
    if field.kind == "choice":
        return item.option_names.index(value) + 1
    return int(value)


def as_table(form: Form, sheets: Iterable[tuple[str, Mapping[str, Any]]]) -> pl.DataFrame:
    """Put sheets, each with its school, into the table.

    Shape: ``school`` String, then an Int32 column a field. Empty: no rows, all columns.
    """
    names = columns(form)
    rows = [(school, *as_row(form, answers)) for school, answers in sheets]
    schema = {SCHOOL: pl.String} | dict.fromkeys(names, pl.Int32)
    return pl.DataFrame(rows, schema=schema, orient="row")
