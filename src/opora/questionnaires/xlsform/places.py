"""Says where in a workbook that was brought something is to be mended."""

from collections.abc import Mapping

from opora.language import _
from opora.questionnaires.publishing import Hindrance
from opora.questionnaires.xlsform.sheets import Row
from opora.questionnaires.xlsform.writing import OWN, SETTINGS_OWN

SETTINGS_ROW = 2  # below the head


def placed(hindrance: Hindrance, rows: Mapping[str, int]) -> str:
    """Say a hindrance with its sheet and row; ``rows`` is what ``FromXlsform`` found."""
    at = hindrance.at
    if at in SETTINGS_OWN:
        said = _("столбец «{column}». {said}").format(column=at, said=hindrance.said)
        return Row("settings", SETTINGS_ROW, {}).said(said)
    if at in rows:
        return Row("survey", rows[at], {}).said(hindrance.said)
    if at.startswith(OWN):
        said = _("лист «survey», добавьте строку вида note с именем «{name}». {said}")
        return said.format(name=at, said=hindrance.said)
    return _("лист «survey». {said}").format(said=hindrance.said)
