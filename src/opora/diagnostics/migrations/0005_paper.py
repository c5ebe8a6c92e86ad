"""Paper sheets: packs, what is typed of them while they are open, codes that are set aside."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.registry.wall import MUNICIPALITIES, REGIONS, SCHOOLS, Belongs, walled

FOLDER = Path(__file__).parents[1] / "sql"
BEFORE = (FOLDER / "answering.sql").read_text(encoding="utf-8").partition("CREATE FUNCTION opora_answer")[2]
ANSWERED_BEFORE = f"CREATE OR REPLACE FUNCTION opora_answer{BEFORE.partition('END $$;')[0]}END $$;"
# Single sheets are seen by those alone who type them; a pack, which is counts, by everybody of its place.
TYPES_IT = f"""(region_id = {REGIONS} OR municipality_id = {MUNICIPALITIES} OR school_id = {SCHOOLS})
  AND opora_enters_paper(region_id, municipality_id, school_id, outside)"""
WALL = walled(
    Belongs(
        "diagnostics_paperpack", region="region_id", municipality="municipality_id", school="school_id",
    ),
    Belongs("diagnostics_papersheet", read=(TYPES_IT,), write=(TYPES_IT,)),
)  # fmt: skip
NO_SQL = """
    DROP FUNCTION opora_forget_packs(date, integer);
    DROP FUNCTION opora_take_pack(bigint, date, integer);
    DROP FUNCTION opora_set_aside(bigint, integer);
    DROP FUNCTION opora_on_paper(bigint[]);
    DROP FUNCTION opora_enters_paper(text, bigint, bigint, boolean);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("diagnostics", "0004_reminders"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="answercode",
            name="on_paper",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="PaperPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outside", models.BooleanField(default=False)),
                ("number", models.PositiveIntegerField()),
                ("finished_on", models.DateField(blank=True, null=True)),
                ("sheets", models.PositiveIntegerField(default=0)),
                ("entered", models.PositiveIntegerField(default=0)),
                ("differing", models.PositiveIntegerField(default=0)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="diagnostics.surveylink",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.school"
                    ),
                ),
            ],
            options={
                "ordering": ["link_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outside", models.BooleanField(default=False)),
                ("number", models.PositiveIntegerField()),
                ("first", models.JSONField()),
                ("second", models.JSONField(blank=True, null=True)),
                ("said", models.JSONField(default=dict)),
                ("decided", models.JSONField(blank=True, null=True)),
                ("entered", models.PositiveIntegerField(default=0)),
                ("differing", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "first_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="diagnostics.paperpack",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.school"
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddConstraint(
            model_name="paperpack",
            constraint=models.UniqueConstraint(fields=("link", "number"), name="pack_number_once_in_a_link"),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.UniqueConstraint(fields=("pack", "number"), name="paper_sheet_once_in_a_pack"),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided__isnull", True), ("second__isnull", False), _connector="OR"),
                name="paper_sheet_decided_after_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second__isnull", True), ("second_by", None)),
                    models.Q(("second__isnull", False), ("second_by__isnull", False)),
                    _connector="OR",
                ),
                name="paper_sheet_second_by_somebody",
            ),
        ),
        migrations.RunSQL((FOLDER / "paper.sql").read_text(encoding="utf-8"), NO_SQL + ANSWERED_BEFORE),
        migrations.RunSQL(*WALL),
    ]
