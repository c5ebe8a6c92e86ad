"""Who sees a desk file, whose turn it is, and how old rows are forgotten."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import ME, Belongs, walled

WALL = walled(Belongs("results_deskfile", read=(f"by_id = {ME}",), write=(f"by_id = {ME}",)))

# A worker does not act as anybody before it knows whose file it reads. The lock belongs to its connection:
# whoever dies leaves the file to the next. Files of some formats wait while their person still sends others.
NEXT = """
    CREATE FUNCTION opora_next_waiting(together text[])
    RETURNS TABLE (file bigint, person bigint, acted text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
      one record;
    BEGIN
      FOR one IN
        SELECT d.id, d.by_id, d.role FROM results_deskfile d
        WHERE d.state IN ('queued', 'reading') AND NOT (d.format = ANY (together) AND EXISTS (
          SELECT FROM results_deskfile s
          WHERE s.by_id = d.by_id AND s.state = 'sending' AND s.touched_at > now() - interval '2 minutes'))
        ORDER BY d.id
      LOOP
        IF pg_try_advisory_lock((7003::bigint << 40) + one.id) THEN
          PERFORM FROM results_deskfile d WHERE d.id = one.id AND d.state IN ('queued', 'reading');
          IF FOUND THEN
            RETURN QUERY SELECT one.id, one.by_id, one.role::text;
            RETURN;
          END IF;
          PERFORM pg_advisory_unlock((7003::bigint << 40) + one.id);
        END IF;
      END LOOP;
    END $$;
    REVOKE ALL ON FUNCTION opora_next_waiting(text[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION opora_next_waiting(text[]) TO opora_app;
"""
FORGET = """
    CREATE FUNCTION opora_forget_desks(before timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      WITH gone AS (DELETE FROM results_deskfile WHERE touched_at < before RETURNING id)
      SELECT count(*) FROM gone
    $$;
    REVOKE ALL ON FUNCTION opora_forget_desks(timestamptz) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION opora_forget_desks(timestamptz) TO opora_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("results", "0004_desk_file"), ("registry", "0009_wall_of_people")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(NEXT, "DROP FUNCTION opora_next_waiting(text[])"),
        migrations.RunSQL(FORGET, "DROP FUNCTION opora_forget_desks(timestamptz)"),
    ]
