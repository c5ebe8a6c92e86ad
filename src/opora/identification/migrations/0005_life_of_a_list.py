"""The life of a list: shown for objections, agreed, published for a term; amended by decisions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opora.audit.history import keep_history
from opora.registry.wall import ANYTHING, AROUND_REGIONS, Belongs, no_policies, policies, walled

RUNS = "identification_run"


def runs_seen_when(state: str) -> Belongs:
    """Write the wall of runs: those within a territory see its runs in this state."""
    return Belongs(
        RUNS,
        region="territory_id",
        read=(
            f"{state} AND territory_id = {AROUND_REGIONS}",
            f"{state} AND territory_id IS NULL AND {ANYTHING}",
        ),
    )


BEFORE, NOW = runs_seen_when("state = 'published'"), runs_seen_when("state <> 'draft'")


def rebuilt(was: Belongs, becomes: Belongs) -> str:
    """Write how one wall is put in the place of another."""
    return no_policies(was) + policies(becomes)


OF_ITS_SCHOOL = "EXISTS (SELECT FROM registry_school s WHERE s.id = {table}.school_id)"
# A decision is written by those who hold its region and read by the school; an objection is the school's.
WALL = walled(
    Belongs(
        "identification_amendment",
        region="region_id",
        read=(OF_ITS_SCHOOL.format(table="identification_amendment"),),
        deeds="SELECT, INSERT",
    ),
    Belongs(
        "identification_objection",
        region="region_id",
        municipality="municipality_id",
        school="school_id",
        deeds="SELECT, INSERT, UPDATE",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("identification", "0004_second_wall"),
        ("registry", "0009_wall_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=60)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("objection", "возражение принято"),
                            ("replacement", "замена"),
                            ("exit", "выход из перечня"),
                        ],
                        max_length=12,
                    ),
                ),
                ("joins", models.BooleanField()),
                ("reason", models.TextField()),
                ("order_number", models.CharField(blank=True, max_length=60)),
                ("order_date", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=60)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reasons", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "ждёт решения"),
                            ("accepted", "принято"),
                            ("declined", "отклонено"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="run",
            name="published_list_has_its_order",
        ),
        migrations.RemoveConstraint(
            model_name="verdict",
            name="excluded_school_is_not_listed",
        ),
        migrations.AddField(
            model_name="run",
            name="agreed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="objections_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="order_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="run",
            name="order_file",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="run",
            name="valid_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="verdict",
            name="by_rule",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="run",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "черновик"),
                    ("review", "на согласовании"),
                    ("agreed", "согласован"),
                    ("published", "утверждён"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("agreed_at", None),
                        ("agreed_by", None),
                        ("objections_until", None),
                        ("state", "draft"),
                    ),
                    models.Q(
                        ("agreed_at", None),
                        ("agreed_by", None),
                        ("objections_until__isnull", False),
                        ("state", "review"),
                    ),
                    models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False), ("state", "agreed")),
                    ("state", "published"),
                    _connector="OR",
                ),
                name="list_is_shown_and_agreed_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at", None),
                        ("published_by", None),
                        ("state__in", ["draft", "review", "agreed"]),
                        ("order_date", None),
                        ("order_digest", ""),
                        ("order_number", ""),
                        ("valid_until", None),
                    ),
                    models.Q(
                        ("order_date__isnull", False),
                        ("published_at__isnull", False),
                        ("published_by__isnull", False),
                        ("state", "published"),
                        models.Q(("order_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="published_list_has_its_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("excluded", ""), models.Q(("by_rule", False), ("listed", False)), _connector="OR"
                ),
                name="excluded_school_is_not_listed",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="municipality",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="other",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.school",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.region",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="identification.run",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.school"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="municipality",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.region",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="identification.run",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.school"
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="objection",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendment",
                to="identification.objection",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("run", "list", "school"),
                name="one_objection_of_a_school_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("decided_at", None), ("decided_by", None), ("state", "waiting")
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["accepted", "declined"]),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_is_decided_with_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="amendment_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("joins", False), ("kind", "objection"), ("objection__isnull", False), ("other", None)
                    ),
                    models.Q(("kind", "replacement"), ("objection", None), ("other__isnull", False)),
                    models.Q(("joins", False), ("kind", "exit"), ("objection", None), ("other", None)),
                    _connector="OR",
                ),
                name="amendment_names_what_it_is_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order_date", None), ("order_number", "")),
                    models.Q(models.Q(("order_number", ""), _negated=True), ("order_date__isnull", False)),
                    _connector="OR",
                ),
                name="amendment_order_has_number_and_date",
            ),
        ),
        migrations.RunSQL("UPDATE identification_verdict SET by_rule = listed", migrations.RunSQL.noop),
        migrations.RunSQL(rebuilt(BEFORE, NOW), rebuilt(NOW, BEFORE)),
        migrations.RunSQL(*WALL),
        keep_history(
            "identification_objection",
            "identification.objection",
            region="region_id",
            municipality="municipality_id",
            school="school_id",
        ),
    ]
