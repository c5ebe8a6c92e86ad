"""Saved scenarios of a run, seen by those who make lists of its territory."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.registry.wall import Belongs, walled


class Migration(migrations.Migration):
    dependencies = [
        ("identification", "0006_result_of_a_run"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("run", "changes", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("list", models.CharField(max_length=60)),
                ("changes", models.JSONField()),
                ("years", models.JSONField()),
                ("listed", models.IntegerField()),
                ("entered", models.IntegerField()),
                ("left", models.IntegerField()),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenarios",
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
                    models.UniqueConstraint(fields=("run", "title"), name="scenario_title_once_a_run"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="scenario_has_a_title"
                    ),
                ],
            },
        ),
        migrations.RunSQL(*walled(Belongs("identification_scenario", region="territory_id"))),
    ]
