"""Questionnaires that a territory brought itself: who sees them, and what those who answer may read."""

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.registry.wall import ANYTHING, AROUND_MUNICIPALITIES, AROUND_REGIONS, Belongs, walled

SQL = Path(__file__).parents[1] / "sql" / "own_forms.sql"
NO_SQL = """
    DROP TRIGGER own_form_stays_as_it_was ON diagnostics_ownform;
    DROP FUNCTION opora_keep_own_form();
    DROP FUNCTION opora_form(text);
    DROP FUNCTION opora_forms_for(text[]);
"""
# As surveys: what was put in force is read in the territory below it, too; a draft by its own alone.
WALL = walled(
    Belongs(
        "diagnostics_ownform", region="region_id", municipality="municipality_id",
        read=(
            f"state <> 'draft' AND municipality_id IS NULL AND region_id = {AROUND_REGIONS}",
            f"state <> 'draft' AND municipality_id = {AROUND_MUNICIPALITIES}",
            f"state <> 'draft' AND region_id IS NULL AND {ANYTHING}",
        ),
    ),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("diagnostics", "0005_paper"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OwnForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("title", models.JSONField()),
                ("audience", models.CharField(blank=True, max_length=20)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("rows", models.JSONField(default=dict)),
                ("not_carried", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "черновик"), ("in_force", "действует"), ("withdrawn", "снята")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.region",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("municipality", None), ("region__isnull", False), _connector="OR"
                        ),
                        name="own_form_of_a_municipality_names_its_region",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[A-Za-z_][A-Za-z0-9_-]*-own[0-9]+$")),
                        name="own_form_is_called_unlike_those_of_opora",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), models.Q(("audience", ""), _negated=True), _connector="OR"
                        ),
                        name="own_form_in_force_says_whom_it_asks",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), NO_SQL),
        migrations.RunSQL(*WALL),
    ]
