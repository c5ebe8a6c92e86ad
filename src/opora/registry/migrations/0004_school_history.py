"""Recorded changes of schools, and what a school keeps of them; a search finds former names and codes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# A recorded change stays as it was written; only its taking back is added, once.
NEVER_REWRITTEN = """
CREATE FUNCTION school_change_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'school_change_is_never_deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.taken_back_at IS NOT NULL
       OR to_jsonb(OLD) - '{taken_back_by_id,taken_back_at,taken_back_why}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{taken_back_by_id,taken_back_at,taken_back_why}'::text[] THEN
        RAISE EXCEPTION 'school_change_is_never_rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER school_change_is_never_rewritten BEFORE UPDATE OR DELETE ON registry_schoolchange
    FOR EACH ROW EXECUTE FUNCTION school_change_is_never_rewritten();
"""
REWRITTEN = """
DROP TRIGGER school_change_is_never_rewritten ON registry_schoolchange;
DROP FUNCTION school_change_is_never_rewritten();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_regions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SchoolChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "Школы объединены"),
                            ("split", "Школа разделена или из неё выделена новая"),
                            ("branch", "Школа стала филиалом, или открыт филиал"),
                            ("independent", "Филиал стал самостоятельной школой"),
                            ("rename", "Школа переименована"),
                            ("founder", "Сменился учредитель"),
                            ("move", "Школа перешла в другой муниципалитет"),
                            ("reform", "Муниципалитет стал другим"),
                            ("open", "Школа открыта"),
                            ("close", "Школа или филиал закрыты"),
                            ("reopen", "Школа вновь работает"),
                            ("vpr_login", "Сменился логин ВПР"),
                            ("ris_code", "Сменился код в РИС ГИА"),
                            ("inn", "Сменился ИНН"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "ends",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "begins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "moved",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "schools",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "municipalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=500)),
                ("after", models.CharField(blank=True, max_length=500)),
                ("short_before", models.CharField(blank=True, max_length=200)),
                ("short_after", models.CharField(blank=True, max_length=200)),
                ("shares", models.JSONField(blank=True, default=list)),
                ("names", models.JSONField(blank=True, default=dict)),
                ("order_number", models.CharField(max_length=60)),
                ("order_date", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("taken_back_why", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.AddField(
            model_name="school",
            name="former",
            field=models.CharField(blank=True, max_length=5000),
        ),
        migrations.AddField(
            model_name="school",
            name="founder",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="school",
            name="main",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="branches",
                to="registry.school",
            ),
        ),
        migrations.RemoveIndex("school", "school_by_words"),
        migrations.RemoveField("school", "search_key"),
        migrations.AddField(
            model_name="school",
            name="search_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Replace(
                    django.db.models.functions.text.Replace(
                        django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Lower(
                                        django.db.models.functions.text.Concat(
                                            models.F("name"),
                                            models.Value(" "),
                                            models.F("short_name"),
                                            models.Value(" "),
                                            models.F("settlement_name"),
                                            models.Value(" "),
                                            models.F("vpr_login"),
                                            models.Value(" "),
                                            models.F("ris_code"),
                                            models.Value(" "),
                                            models.F("inn"),
                                            models.Value(" "),
                                            models.F("ogrn"),
                                            models.Value(" "),
                                            models.F("oktmo"),
                                            models.Value(" "),
                                            models.F("former"),
                                        )
                                    ),
                                    models.Value("ё"),
                                    models.Value("е"),
                                ),
                                models.Value("«"),
                                models.Value(""),
                            ),
                            models.Value("»"),
                            models.Value(""),
                        ),
                        models.Value("№ "),
                        models.Value(""),
                    ),
                    models.Value("№"),
                    models.Value(""),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "school",
            django.contrib.postgres.indexes.GinIndex(
                name="school_by_words", fields=["search_key"], opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="school",
            constraint=models.CheckConstraint(
                condition=models.Q(("main", models.F("pk")), _negated=True),
                name="school_is_no_branch_of_itself",
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="main",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.school",
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="municipality_after",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="municipality_before",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="school",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="registry.school",
            ),
        ),
        migrations.AddField(
            model_name="schoolchange",
            name="taken_back_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="schoolchange",
            index=models.Index(fields=["region", "on"], name="change_of_a_region"),
        ),
        migrations.AddIndex(
            model_name="schoolchange",
            index=django.contrib.postgres.indexes.GinIndex(fields=["schools"], name="change_of_a_school"),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "merge",
                            "split",
                            "branch",
                            "independent",
                            "rename",
                            "founder",
                            "move",
                            "reform",
                            "open",
                            "close",
                            "reopen",
                            "vpr_login",
                            "ris_code",
                            "inn",
                        ],
                    )
                ),
                name="change_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("school__isnull", False), ("taken_back_at", None)),
                fields=("school", "kind", "on"),
                name="school_changes_once_a_day_in_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "reform"), ("taken_back_at", None)),
                fields=("municipality_before",),
                name="municipality_becomes_another_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("schools__len__gte", 1)), name="change_names_its_schools"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("order_number", ""), _negated=True), name="change_has_its_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["move", "reform"]),
                        ("municipality_after__isnull", False),
                        ("municipality_before__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["move", "reform"]), _negated=True),
                        ("municipality_after", None),
                        ("municipality_before", None),
                    ),
                    _connector="OR",
                ),
                name="move_names_both_municipalities",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_back_at", None), ("taken_back_by", None), ("taken_back_why", "")),
                    models.Q(
                        ("taken_back_at__isnull", False),
                        ("taken_back_by__isnull", False),
                        models.Q(("taken_back_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="taking_back_names_its_person_and_reason",
            ),
        ),
        migrations.RunSQL(NEVER_REWRITTEN, REWRITTEN),
    ]
