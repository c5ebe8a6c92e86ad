"""The trace is only added to, by the database's own rule; daily anchors; no cell that no hash holds.

What writes here besides an event's own row runs with the rights of the tables' owner: whoever may add events
can neither move a chain elsewhere nor make an anchor of something else.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ANCHORS = """
CREATE FUNCTION audit_anchor_day(today date, waits boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head record;
    last_number bigint;
    last_hash text;
    link text;
    made integer := 0;
BEGIN
    IF waits THEN
        PERFORM pg_advisory_xact_lock(7003);
    ELSIF NOT pg_try_advisory_xact_lock(7003) THEN
        RETURN 0;  -- somebody makes today's anchors at this moment
    END IF;
    SELECT number, hash INTO last_number, last_hash FROM audit_anchor ORDER BY number DESC LIMIT 1;
    last_number := coalesce(last_number, 0);
    last_hash := coalesce(last_hash, '');
    FOR head IN
        SELECT chain.territory, chain.number, chain.hash FROM audit_chain chain
        WHERE chain.number > coalesce(
            (SELECT max(event) FROM audit_anchor WHERE chain_id = chain.territory), 0)
        ORDER BY chain.territory
    LOOP
        last_number := last_number + 1;
        link := encode(sha256(convert_to(
            last_hash || E'\\n' || last_number || ' ' || to_char(today, 'YYYY-MM-DD') || ' '
            || head.territory || ' ' || head.number || ' ' || head.hash, 'UTF8')), 'hex');
        INSERT INTO audit_anchor (number, day, chain_id, event, event_hash, previous, hash)
        VALUES (last_number, today, head.territory, head.number, head.hash, last_hash, link);
        last_hash := link;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION audit_next(place varchar, today date,
    OUT last_number bigint, OUT last_hash varchar, OUT anchored boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever records next in this territory waits here until our transaction ends.
    SELECT number, hash INTO last_number, last_hash FROM audit_chain
    WHERE territory = place FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_chain (territory, number, hash) VALUES (place, 0, '') ON CONFLICT DO NOTHING;
        SELECT number, hash INTO last_number, last_hash FROM audit_chain
        WHERE territory = place FOR NO KEY UPDATE;
    END IF;
    anchored := last_number = 0;  -- the first event of a chain is anchored at once, by its trigger
    IF NOT EXISTS (SELECT FROM audit_anchor WHERE day = today) THEN
        anchored := audit_anchor_day(today, false) > 0 OR anchored;
    END IF;
END $$;
"""

RULES = """
CREATE FUNCTION audit_is_only_added_to() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is only added to: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION audit_chain_moves_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.number = 0 AND NEW.hash = '' THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NEW.territory = OLD.territory AND NEW.number = OLD.number + 1 AND EXISTS (
        SELECT FROM audit_event
        WHERE chain_id = NEW.territory AND number = NEW.number AND hash = NEW.hash AND previous = OLD.hash)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_chain moves one event forward and no other way: % refused', TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION audit_event_continues_its_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_chain SET number = NEW.number, hash = NEW.hash
    WHERE territory = NEW.chain_id AND number = NEW.number - 1 AND hash = NEW.previous;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an event continues its chain: % of «%» refused', NEW.number, NEW.chain_id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number = 1 THEN
        PERFORM audit_anchor_day((NEW.at AT TIME ZONE 'Europe/Moscow')::date, false);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER event_continues_its_chain AFTER INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_continues_its_chain();
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER chain_moves_forward BEFORE INSERT OR UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_chain_moves_forward();
CREATE TRIGGER chains_are_never_emptied BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER anchor_is_never_changed BEFORE UPDATE OR DELETE ON audit_anchor
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER anchors_are_never_emptied BEFORE TRUNCATE ON audit_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
"""

NO_RULES = """
DROP TRIGGER event_continues_its_chain ON audit_event;
DROP TRIGGER event_is_never_changed ON audit_event;
DROP TRIGGER events_are_never_emptied ON audit_event;
DROP TRIGGER chain_moves_forward ON audit_chain;
DROP TRIGGER chains_are_never_emptied ON audit_chain;
DROP TRIGGER anchor_is_never_changed ON audit_anchor;
DROP TRIGGER anchors_are_never_emptied ON audit_anchor;
DROP FUNCTION audit_event_continues_its_chain();
DROP FUNCTION audit_chain_moves_forward();
DROP FUNCTION audit_is_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """ALTER TABLE audit_event DROP COLUMN id,
                       DROP CONSTRAINT event_has_its_place_in_the_chain,
                       ADD PRIMARY KEY (chain_id, number)""",
                    """ALTER TABLE audit_event DROP CONSTRAINT audit_event_pkey,
                       ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                       ADD CONSTRAINT event_has_its_place_in_the_chain UNIQUE (chain_id, number)""",
                )
            ],
            state_operations=[
                migrations.RemoveConstraint("event", "event_has_its_place_in_the_chain"),
                migrations.RemoveField("event", "id"),
                migrations.AddField(
                    "event",
                    "pk",
                    models.CompositePrimaryKey(
                        "chain_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "event",
            models.Index(
                condition=models.Q(("municipality__isnull", False)),
                fields=["municipality", "-at"],
                name="event_of_a_municipality",
            ),
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "chain",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anchors",
                        to="audit.chain",
                    ),
                ),
                ("event", models.PositiveBigIntegerField()),
                ("event_hash", models.CharField(max_length=64)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="anchor_of_a_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "event"), name="event_is_anchored_once")
                ],
            },
        ),
        migrations.RunSQL(
            ANCHORS,
            "DROP FUNCTION audit_next(varchar, date); DROP FUNCTION audit_anchor_day(date, boolean)",
        ),
        migrations.RunSQL(RULES, NO_RULES),
    ]
