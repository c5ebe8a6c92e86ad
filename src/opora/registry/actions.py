"""Deeds on the registry: the only place that writes it."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from opora.language import _
from opora.registry.models import Region, RetiredRegion
from opora.registry.regions import FILE, read_regions


KEPT = {"code", "sort_key"}  # the key, and what the database makes itself


class RegionInUse(Exception):
    """A region that is gone from the file still has municipalities, schools or people."""


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
