"""What deeds change in rows: noted by the database, taken by the event, never changed afterwards."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION audit_note_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    unsaid text[] := string_to_array(TG_ARGV[4], ',');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_change (at, transaction, target, target_id, kind, before, after,
            region, municipality, school)
        SELECT now(), pg_current_xact_id()::text::bigint, TG_ARGV[0], told->>'id', 'added', '{}', '{}',
            told->>TG_ARGV[1], (told->>TG_ARGV[2])::bigint, (told->>TG_ARGV[3])::bigint
        FROM (SELECT to_jsonb(new_rows) AS told FROM new_rows) one;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_change (at, transaction, target, target_id, kind, before, after,
            region, municipality, school)
        SELECT now(), pg_current_xact_id()::text::bigint, TG_ARGV[0], told->>'id', 'removed', told, '{}',
            told->>TG_ARGV[1], (told->>TG_ARGV[2])::bigint, (told->>TG_ARGV[3])::bigint
        FROM (SELECT to_jsonb(old_rows) AS told FROM old_rows) one;
    ELSE
        INSERT INTO audit_change (at, transaction, target, target_id, kind, before, after,
            region, municipality, school)
        SELECT now(), pg_current_xact_id()::text::bigint, TG_ARGV[0], told->>'id', 'changed',
            differing.before, differing.after,
            told->>TG_ARGV[1], (told->>TG_ARGV[2])::bigint, (told->>TG_ARGV[3])::bigint
        FROM (
            SELECT to_jsonb(old_one) AS was, to_jsonb(new_one) AS told
            FROM old_rows old_one JOIN new_rows new_one ON new_one.id = old_one.id
            WHERE old_one IS DISTINCT FROM new_one) pair,
        LATERAL (
            SELECT jsonb_object_agg(one.key, was->one.key) AS before,
                jsonb_object_agg(one.key, one.value) AS after
            FROM jsonb_each(told) one
            WHERE one.value IS DISTINCT FROM was->one.key AND one.key <> ALL (unsaid)) differing
        WHERE differing.after IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_event_takes_its_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_change SET chain = NEW.chain_id, number = NEW.number
    -- Numbers of transactions begin anew in a restored database; their beginnings do not.
    WHERE transaction = pg_current_xact_id()::text::bigint AND at = now() AND number IS NULL
        AND (NEW.chain_id = '' OR region IS NULL OR region = NEW.chain_id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_change_is_taken_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.number IS NULL AND NEW.number IS NOT NULL
        AND OLD.transaction = pg_current_xact_id()::text::bigint AND OLD.at = now()
        AND to_jsonb(OLD) - 'chain' - 'number' = to_jsonb(NEW) - 'chain' - 'number'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_change is only added to: % refused', TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER event_takes_its_changes AFTER INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_takes_its_changes();
CREATE TRIGGER change_is_taken_once BEFORE UPDATE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_change_is_taken_once();
CREATE TRIGGER change_is_never_removed BEFORE DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER changes_are_never_emptied BEFORE TRUNCATE ON audit_change
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
"""

NO_RULES = """
DROP TRIGGER event_takes_its_changes ON audit_event;
DROP TRIGGER change_is_taken_once ON audit_change;
DROP TRIGGER change_is_never_removed ON audit_change;
DROP TRIGGER changes_are_never_emptied ON audit_change;
DROP FUNCTION audit_change_is_taken_once();
DROP FUNCTION audit_event_takes_its_changes();
DROP FUNCTION audit_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("transaction", models.BigIntegerField()),
                ("target", models.CharField(max_length=60)),
                ("target_id", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("added", "добавлено"), ("changed", "изменено"), ("removed", "удалено")],
                        max_length=10,
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("region", models.CharField(blank=True, max_length=2, null=True)),
                ("municipality", models.BigIntegerField(blank=True, null=True)),
                ("school", models.BigIntegerField(blank=True, null=True)),
                ("chain", models.CharField(blank=True, max_length=2, null=True)),
                ("number", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["target", "target_id", "-id"], name="change_of_an_object"),
                    models.Index(fields=["chain", "number"], name="change_of_an_event"),
                    models.Index(
                        condition=models.Q(("number", None)),
                        fields=["transaction"],
                        name="change_without_event",
                    ),
                ],
            },
        ),
        migrations.RunSQL(RULES, NO_RULES),
    ]
