"""Says in sentences what is not shown of a survey, and why."""

from collections.abc import Mapping
from typing import Any

from opora.language import _
from opora.methodology.disclosure.cells import number


def hidden_words(mark: str) -> str:
    """Say why a row is hidden."""
    if mark == "complement":
        return _("скрыто, чтобы не раскрыть соседнюю группу")
    smallest = number("smallest_group")
    if smallest == 5:
        return _("скрыто: меньше пяти ответивших")
    return _("скрыто: ответивших меньше {count}").format(count=smallest)


def left_out_words(left_out: int) -> str:
    """Say what a shown row is made without. Empty: "" where nothing is left out."""
    if not left_out:
        return ""
    return _("без скрытых групп: {count}").format(count=left_out)


def choice_words(row: Mapping[str, Any]) -> str:
    """Say of a row of chosen schools why it is not shown, or what it is made without.

    Empty: "" where it is whole.
    """
    if row["hidden"] is None:
        return left_out_words(row["left_out"])
    return _(
        "Выбор не показать: групп с ответами в нём {count}, но каждая так мала, что показывается только "
        "вместе с другими, а выбор их разделяет. Добавьте школы или возьмите муниципалитет целиком."
    ).format(count=row["left_out"])
