"""Counts of a run lie apart, by municipality: who sees a part of the country sees the counts of that part."""

import django.db.models.deletion
from django.db import migrations, models

FROM_VERDICTS = """
    INSERT INTO identification_placecount
        (run_id, list, municipality_id, region_id, schools, listed, unstable)
    SELECT run_id, list, municipality_id, region_id, count(*), count(*) FILTER (WHERE listed),
           count(*) FILTER (WHERE unstable)
    FROM identification_verdict GROUP BY run_id, list, municipality_id, region_id
    UNION ALL
    SELECT run_id, '', municipality_id, region_id, count(*), count(*) FILTER (WHERE listed),
           count(*) FILTER (WHERE unstable)
    FROM (
        SELECT run_id, school_id, municipality_id, region_id, bool_or(listed) AS listed,
               bool_or(unstable) AS unstable
        FROM identification_verdict GROUP BY run_id, school_id, municipality_id, region_id
    ) AS one GROUP BY run_id, municipality_id, region_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identification", "0002_row_history"),
        ("registry", "0006_second_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id",
                        "list",
                        "municipality_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("list", models.CharField(blank=True, max_length=60)),
                ("schools", models.PositiveIntegerField()),
                ("listed", models.PositiveIntegerField()),
                ("unstable", models.PositiveIntegerField()),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.region",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="identification.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("listed__lte", models.F("schools")), ("unstable__lte", models.F("schools"))
                        ),
                        name="counted_schools_are_among_all",
                    )
                ],
                "indexes": [
                    models.Index(fields=["run", "list", "region"], name="count_by_region"),
                ],
            },
        ),
        migrations.RemoveField("run", "counts"),
        migrations.RunSQL(FROM_VERDICTS, migrations.RunSQL.noop),
    ]
