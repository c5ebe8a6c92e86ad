"""Who sees checks, sheets, parts and repairs; the numbers of the schools beside one that is seen."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from opora.registry.wall import AROUND_MUNICIPALITIES, AROUND_REGIONS, Belongs, walled

SQL = Path(__file__).parents[1] / "sql" / "schools_beside.sql"
WALL = walled(
    Belongs(
        "quality_qualitycheck", region="region_id", municipality="municipality_id",
        read=(
            f"municipality_id IS NULL AND region_id = {AROUND_REGIONS}",
            f"municipality_id = {AROUND_MUNICIPALITIES}",
        ),
    ),
    Belongs(
        "quality_checksheet", region="region_id", municipality="municipality_id", school="school_id",
    ),
    Belongs(
        "quality_sheetpart", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT, INSERT, UPDATE",
    ),
    Belongs("quality_repair", region="region_id", municipality="municipality_id", school="school_id"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("quality", "0001_first"), ("registry", "0009_wall_of_people")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), "DROP FUNCTION opora_schools_beside(bigint)"),
    ]
