"""Workbooks drawn in a few lines, one as another program writes it, and all that a questionnaire holds."""

import io
from dataclasses import fields as fields_of

from hypothesis import HealthCheck, settings
from openpyxl import Workbook

from opora.questionnaires.form import Form
from opora.questionnaires.xlsform.reading import from_xlsform

EASY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(form: Form):
    """Give everything that a questionnaire holds, languages and scales in their order."""
    found = {field.name: getattr(form, field.name) for field in fields_of(form)}
    return found | {"scales": list(form.scales.items()), "title": list(form.title.items())}


def workbook(**sheets):
    """Draw a workbook: sheet → rows, the first is the head."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drawn(text):
    """Read a table that is drawn with bars."""
    return [[cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()]


SURVEY = """
type              | name    | label               | hint      | required | relevant | constraint | appearance
start             | begun   |                     |           |          |          |            |
note              | hello   | Здравствуйте        |           |          |          |            |
select_one yesno  | likes   | Нравится школа?     | Честно    | yes      |          |            |
select_multiple w | why     | Почему?             |           |          | ${likes} = 'no' | count-selected(.) <= 2 |
integer           | age     | Сколько лет?        |           |          | selected(${why}, 'far') or ${likes} = 'yes' | . >= 6 and . < 19 |
begin group       | home    | Дом                 |           |          | ${age} > 9 and ${age} <= 16 |            |
range             | mark    | Оцени               |           |          |          |            |
text              | more    | Что ещё?            |           | true     | ${likes}='yes' and selected(${why}, 'far') |            |
end group         |         |                     |           |          |          |            |
begin group       | days    | Как часто?          |           |          |          |            | table-list
select_one often  | late    | Опаздываю           |           |          |          |            |
select_one often  | calm    | Спокойно            |           |          |          |            |
end group         |         |                     |           |          |          |            |
note              | bye     | Почти всё           |           |          |          |            |
select_one yesno  | again   | Придёшь ещё?        |           |          | ${late} = 'rare' |            |
"""  # noqa: E501
CHOICES = """
list_name | name | label
yesno     | yes  | Да
yesno     | no   | Нет
w         | far  | Далеко
w         | dull | Скучно
w         | hard | Трудно
often     | rare | Редко
often     | much | Часто
"""


def foreign(change=lambda rows: rows, choices=CHOICES, **more):
    data = workbook(survey=change(drawn(SURVEY)), choices=drawn(choices))
    return from_xlsform(data, "чужая.xlsx", **more)
