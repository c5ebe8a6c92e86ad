"""Choices of participants, seen by those who make lists of their territory."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.registry.wall import Belongs, walled


class Migration(migrations.Migration):
    dependencies = [
        ("identification", "0007_scenario"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ParticipantChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=60)),
                ("count", models.PositiveIntegerField()),
                ("asked", models.JSONField(default=dict)),
                ("fixed", models.JSONField(default=dict)),
                ("chosen", models.JSONField()),
                ("objective", models.BigIntegerField()),
                ("bound", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="identification.run",
                    ),
                ),
                (
                    "territory",
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
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)), name="choice_takes_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bound__gte", 0), ("objective__gte", models.F("bound"))),
                        name="choice_is_not_below_its_bound",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*walled(Belongs("identification_participantchoice", region="territory_id"))),
    ]
