"""Opens a table of people, hands its rows over, and gives the file back with its errors marked."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from opora.accounts.models import User
from opora.language import _
from opora.people.actions import PeopleImported, PeopleRefused, import_people
from opora.people.people_table import field_of, text_of
from opora.registry.school_table import Row
from opora.results.pages import Annotated
from opora.results.queries import annotated
from opora.results.readers import FileRefused
from opora.results.reading import Problem
from opora.results.registry_tables import HEAD, Table, open_table
from opora.results.uploads import Upload

SALT = "opora.people.table"
KEPT = 3600  # seconds in which a checked table may be loaded
MOST_ROWS = 5_000


class CheckedTooLongAgo(Exception):
    """A checked table came back too late, or changed, or from another person."""


@dataclass(frozen=True)
class PeopleReport:
    """What became of a table of people; ``checked`` is the table itself, signed, ready to be loaded."""

    name: str
    done: PeopleImported | None = None
    is_dry: bool = True
    problems: tuple[Problem, ...] = ()
    annotated: Annotated | None = None
    checked: str = ""


def check_table(upload: Upload, by: User, region: str) -> PeopleReport:
    """Say what a file would do, or everything that is wrong with it; nothing is changed."""
    try:
        table = open_table(upload, lambda heading: field_of(heading) is not None)
    except FileRefused as refusal:
        return PeopleReport(upload.name, problems=(refusal.problem,))
    if table is None or len(table.rows) > MOST_ROWS:
        return PeopleReport(upload.name, problems=(_unfit(table),))
    rows = [(number, {name: text_of(cell) for name, cell in cells.items()}) for number, cells in table.rows]
    try:
        done = import_people(rows, by, region=region, dry=True)
    except PeopleRefused as refusal:
        told = [table.problem(one.row, one.column, one.what, one.allowed) for one in refusal.problems]
        return PeopleReport(upload.name, problems=tuple(told), annotated=annotated(upload, told))
    kept = {"by": by.pk, "name": upload.name, "region": region, "rows": rows}
    return PeopleReport(upload.name, done, checked=signing.dumps(kept, salt=SALT, compress=True))


def _unfit(table: Table | None) -> Problem:
    if table is None:
        what = _("В файле не нашлась строка с заголовками «ФИО», «Почта» и «Роль»")
        return Problem(
            "", "", what, _("Заголовки — в одной из первых {count} строк листа").format(count=HEAD)
        )
    allowed = _("До {count} строк: разделите таблицу").format(count=MOST_ROWS)
    return Problem(table.sheet, "", _("В таблице слишком много строк"), allowed)


def load_checked(checked: str, by: User) -> PeopleReport:
    """Load a table that was checked just now: what its answer holds is the table, signed.

    Raises: CheckedTooLongAgo.
    """
    try:
        kept: dict[str, Any] = signing.loads(checked, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        kept = {}
    if kept.get("by") != by.pk:
        raise CheckedTooLongAgo(_("Проверенная таблица устарела: выберите файл и проверьте его ещё раз"))
    rows: list[Row] = [(number, cells) for number, cells in kept["rows"]]
    try:
        done = import_people(rows, by, region=kept["region"])
    except PeopleRefused as refusal:
        told = [Problem("", str(one.row), one.what, one.allowed, one.column) for one in refusal.problems]
        return PeopleReport(kept["name"], problems=tuple(told))
    return PeopleReport(kept["name"], done, is_dry=False)
