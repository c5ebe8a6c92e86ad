"""The form by which a browser announces the files that it is about to send."""

import json
from typing import Any

from django import forms

from opora.language import _
from opora.results.desk.actions import Announced
from opora.results.forms import ImportForm
from opora.ui.numbers import number

MOST_AT_ONCE = 500
GREATEST = 2**53


class AnnounceForm(ImportForm):
    """Names, sizes and times of files, with the hints of the plain form, which alone takes a mapping."""

    files = forms.CharField()  # type: ignore[assignment]  # JSON: [{"name", "size", "modified"}, …]
    mapping = None  # type: ignore[assignment]

    def clean_files(self) -> list[Announced]:
        """Read what was announced."""
        try:
            told = json.loads(self.cleaned_data["files"])
            found = [
                Announced(_last(one["name"]), _whole(one["size"]), _whole(one["modified"])) for one in told
            ]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise forms.ValidationError(_("Список файлов не прочитан."), code="files") from None
        if len(found) > MOST_AT_ONCE:
            message = _("Не больше {count} файлов за один раз").format(count=number(MOST_AT_ONCE))
            raise forms.ValidationError(message, code="too_many")
        return found

    def hints(self) -> dict[str, Any]:
        """Answer what the person says of all these files."""
        given = self.cleaned_data
        return {
            "region": given["region"].pk if given["region"] else "",
            "year": given["year"],
            "subject": given["subject"].strip(),
            "grade": given["grade"],
            "school": given["school"].strip(),
            "saved_mapping": given["saved_mapping"].pk if given["saved_mapping"] else None,
        }


def _last(name: Any) -> str:
    """Answer a file's own name without folders."""
    if not isinstance(name, str) or not (own := name.replace("\\", "/").rpartition("/")[2].replace("\0", "")):
        raise ValueError
    return own[-255:]


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < GREATEST:
        raise ValueError
    return value
