"""Deeds on regions, municipalities and schools."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.registry.access import NotAllowed, Reach, reach, role_for
from opora.registry.matching import Matching
from opora.registry.models import Municipality, Region, RetiredRegion, School
from opora.registry.regions import FILE, read_regions
from opora.registry.school_table import (
    HEADINGS,
    PLACE_HEADINGS,
    Headings,
    Row,
    RowProblem,
    SchoolRow,
    read_rows,
)

KEPT = {"code", "sort_key"}  # the key, and what the database makes itself
AT_ONCE = 2_000
LOCK = 7_001  # importing schools is one at a time


class RegionInUse(Exception):
    """A region that is gone from the file still has municipalities, schools or people."""


class RowsRefused(Exception):
    """A table of schools has errors; nothing was changed."""

    def __init__(self, problems: list[RowProblem]):
        self.problems = problems
        super().__init__(_("В таблице есть ошибки: {count}").format(count=len(problems)))


@dataclass(frozen=True)
class SchoolsImported:
    """What an import of schools did."""

    municipalities: int  # new ones
    added: int
    changed: int
    unchanged: int


@transaction.atomic
def load_regions(
    path: Path = FILE, *, region_model: Any = Region, retired_model: Any = RetiredRegion
) -> tuple[int, int]:
    """Make the regions as the file says; loading twice changes nothing.

    The models are arguments so that a migration can give its own, older ones.

    Raises: RegionInUse.
    """
    regions, retired = read_regions(path)
    retired_model.objects.all().delete()
    try:
        region_model.objects.exclude(code__in=[entry.code for entry in regions]).delete()
    except ProtectedError as refusal:
        raise RegionInUse(_("Регион исчез из файла, а им ещё пользуются")) from refusal
    rows = [
        region_model(
            code=entry.code,
            also=entry.also,
            name=entry.name,
            name_en=entry.name_en,
            short=entry.short,
            iso=entry.iso,
            okato=entry.okato,
            district=entry.district,
            time_zone=entry.time_zone,
            tile_column=entry.tile[0],
            tile_row=entry.tile[1],
        )
        for entry in regions
    ]
    changing = [field.name for field in region_model._meta.concrete_fields if field.name not in KEPT]
    region_model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=changing
    )
    retired_model.objects.bulk_create(
        retired_model(code=entry.code, name=entry.name, until=entry.until, became_id=entry.became)
        for entry in retired
    )
    return len(regions), len(retired)


def import_schools(rows: Iterable[Row], by: User, region: Region | None = None) -> SchoolsImported:
    """Bring municipalities and schools from a table (загрузить школы).

    ``region`` is that of rows which name none. A school is found again by its ВПР login, its РИС code
    or its name in its municipality; what the table does not tell stays as it was.

    Raises: NotAllowed; RowsRefused with everything that is wrong, nothing changed then.
    Records: registry.import_schools, in each region that the table touched.
    """
    return _import(rows, HEADINGS, by, region, "import_schools")


def import_municipalities(rows: Iterable[Row], by: User, region: Region | None = None) -> SchoolsImported:
    """Bring municipalities alone from a table (загрузить муниципалитеты).

    Raises: NotAllowed; RowsRefused.
    Records: registry.import_municipalities, in each region that the table touched.
    """
    return _import(rows, PLACE_HEADINGS, by, region, "import_municipalities")


def _import(
    rows: Iterable[Row], known: Headings, by: User, region: Region | None, deed: str
) -> SchoolsImported:
    far = reach(by, timezone.localdate(), "import_schools")
    if not far:
        raise NotAllowed(_("Загружать школы может координатор региона или федеральный оператор"))
    entries, problems = read_rows(rows, known)
    try:
        return _keep(entries, problems, region, far, by, deed)
    except IntegrityError as refusal:
        what = _("Код в таблице уже принадлежит другой школе или другому муниципалитету")
        allowed = _("Проверьте коды РИС, МСУ, ОКТМО и логины ВПР")
        raise RowsRefused([RowProblem(0, "", what, allowed)]) from refusal


@transaction.atomic
def _keep(  # noqa: PLR0913, PLR0917
    entries: list[SchoolRow],
    problems: list[RowProblem],
    region: Region | None,
    far: Reach,
    by: User,
    deed: str,
) -> SchoolsImported:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    matching = Matching(entries, region, far)
    problems += matching.problems
    if problems:
        raise RowsRefused(sorted(problems, key=lambda problem: problem.row))
    fresh = Municipality.objects.bulk_create(matching.new_municipalities, batch_size=AT_ONCE)
    if matching.changed_municipalities:
        Municipality.objects.bulk_update(
            matching.changed_municipalities, ["kind", "oktmo", "msu_code"], batch_size=AT_ONCE
        )
    added, changed, unchanged = matching.schools()
    School.objects.bulk_create(added, batch_size=AT_ONCE)
    if changed:
        School.objects.bulk_update(changed, matching.fields, batch_size=AT_ONCE)
    _record_import(deed, by, region, municipalities=fresh, added=added, changed=changed)
    return SchoolsImported(len(fresh), len(added), len(changed), unchanged)


def _record_import(
    deed: str, by: User, region: Region | None, **told: Sequence[Municipality | School]
) -> None:
    """Record an import in each region that it touched: its people read of their own schools."""
    touched = {row.region_id for rows in told.values() for row in rows}
    for code in sorted(touched) or [region.pk if region else ""]:
        counts: dict[str, Any] = {
            name: sum(row.region_id == code for row in rows) for name, rows in told.items()
        }
        role = role_for(by, "import_schools", timezone.localdate(), code)
        record(f"registry.{deed}", by, region=code, role=role, **counts)
