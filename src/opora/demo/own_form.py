"""The questionnaire that the demo's region has brought itself."""

from pathlib import Path

from opora.accounts.models import User
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.actions import bring_form, put_in_force
from opora.diagnostics.own_forms.reading import Mended, brought
from opora.questionnaires.reading import read_form
from opora.questionnaires.xlsform.writing import to_xlsform
from opora.registry.models import Region

FILE = Path(__file__).with_name("own_form.yaml")


def bring_own_form(region: Region, by: User) -> OwnForm:
    """Bring it as the workbook that a coordinator would send, and put it in force."""
    form = read_form(FILE.read_text(encoding="utf-8"), FILE.name)
    book = brought(to_xlsform(form), "mentoring.xlsx", Mended("", form.year))
    own = bring_form(book, region, by)
    return put_in_force(own, own.digest, by)
