"""What a school and its curator say of its risk profile."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.registry.wall import Belongs, walled

WALL = walled(
    Belongs(
        "diagnostics_verification", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT, INSERT, UPDATE",
    ),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("diagnostics", "0002_second_wall"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("school", "школа"), ("curator", "куратор")], max_length=8),
                ),
                ("opinions", models.JSONField(default=dict)),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("measures", models.JSONField(default=dict)),
                ("few_reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
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
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="diagnostics.campaign",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "school", "side"), name="verification_once_a_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at", None), ("signed_by", None)),
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="verification_signed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side", "school"),
                            models.Q(("chosen", []), ("few_reason", ""), ("measures", {})),
                            _connector="OR",
                        ),
                        name="verification_chosen_by_the_school",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*WALL),
    ]
