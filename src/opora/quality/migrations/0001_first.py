"""Checks of schools' own quality assessment, their sheets with two parts, repairs."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="QualityCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("year", models.PositiveSmallIntegerField()),
                ("checklist", models.CharField(max_length=60)),
                ("checklist_digest", models.CharField(max_length=64)),
                ("order_number", models.CharField(blank=True, max_length=50)),
                ("order_date", models.DateField(blank=True, null=True)),
                ("fill_until", models.DateField()),
                ("check_until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "идёт"), ("closed", "завершена")], default="open", max_length=10
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_sheets",
                        to="registry.school",
                    ),
                ),
                (
                    "quality_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="quality.qualitycheck",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=60)),
                ("what", models.TextField(blank=True)),
                ("who", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("why_not", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "на согласовании"),
                            ("returned", "возвращено"),
                            ("agreed", "согласовано"),
                            ("done", "выполнено"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("remark", models.TextField(blank=True)),
                ("proof", models.TextField(blank=True)),
                ("proof_title", models.CharField(blank=True, max_length=300)),
                ("proof_link", models.CharField(blank=True, max_length=500)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
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
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="quality.checksheet",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SheetPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("school", "школа"), ("municipality", "муниципалитет")], max_length=12
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("versions", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("conclusion", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="quality.checksheet",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="qualitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("check_until__gte", models.F("fill_until"))),
                name="check_ends_after_sheets_are_filled",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_on", None)),
                    _connector="OR",
                ),
                name="check_closed_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="checksheet",
            constraint=models.UniqueConstraint(
                fields=("quality_check", "school"), name="sheet_once_in_a_check"
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due_on__isnull", False),
                        ("why_not", ""),
                        models.Q(("what", ""), _negated=True),
                        models.Q(("who", ""), _negated=True),
                    ),
                    models.Q(
                        ("due_on", None), ("what", ""), ("who", ""), models.Q(("why_not", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="repair_is_a_deed_or_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_on", None)),
                    _connector="OR",
                ),
                name="repair_done_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetpart",
            constraint=models.UniqueConstraint(fields=("sheet", "side"), name="part_once_a_side"),
        ),
        migrations.AddConstraint(
            model_name="sheetpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at", None), ("signed_by", None)),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="part_signed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("side", "municipality"), ("conclusion", ""), _connector="OR"),
                name="part_concluded_by_the_municipality",
            ),
        ),
    ]
