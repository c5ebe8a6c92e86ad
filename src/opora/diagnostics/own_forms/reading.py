"""Reads a workbook that somebody brings into the text in which an own questionnaire is kept."""

import re
from dataclasses import dataclass, replace

from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.reading import OWN_TEXT, FormError, read_form
from opora.questionnaires.writing import written
from opora.questionnaires.xlsform.reading import FromXlsform, from_xlsform

LONGEST = 300_000  # characters of its text: ten times as long as the longest of ours
LONGEST_BASE = 40  # characters of a name before what makes it ours
SUFFIX = re.compile(r"-own\d+$")
MOST_TOLD = 300  # sentences of what could not be carried over


@dataclass(frozen=True)
class Mended:
    """What stands in a workbook only where it does not say it itself."""

    audience: str
    year: int


def brought(data: bytes, where: str, mended: Mended) -> FromXlsform:
    """Read a workbook as a draft.

    Whatever it says, its words are the territory's own: neither the operator's nor ours.
    Raises: FormError, where nothing of it can be kept.
    """
    found = from_xlsform(data, where, audience=mended.audience, year=mended.year)
    form = replace(found.form, status=OWN_TEXT)
    text = written(form)
    if len(text) > LONGEST:
        raise FormError([_("{where}: анкета слишком длинна, людям её не ответить").format(where=where)])
    kept = read_form(text, where, is_draft=True)
    told = found.not_carried[:MOST_TOLD]
    if more := len(found.not_carried) - len(told):
        told = (*told, _("и ещё замечаний: {more}").format(more=more))
    return replace(found, form=kept, not_carried=told)


def draft_of(text: str, name: str) -> Form:
    """Read the kept text of a questionnaire, a draft or not."""
    return read_form(text, name, is_draft=True)


def own_name(form: Form, number: int) -> str:
    """Make the name of an own questionnaire: that of its workbook, and a number that nobody else has."""
    return f"{SUFFIX.sub('', form.name)[:LONGEST_BASE]}-own{number}"
