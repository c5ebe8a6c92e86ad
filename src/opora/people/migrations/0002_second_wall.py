"""Row-level security on invitations; whoever holds a secret is found by it."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import ME, Belongs, lies_within, walled

WALL = walled(
    Belongs(
        "people_invitation",
        region="region_id", municipality="municipality_id", school="school_id",
        read=(*lies_within("people_invitation"), f"person_id = {ME}"),
        write=(*lies_within("people_invitation"), f"person_id = {ME}"),
        deeds="SELECT, INSERT, UPDATE",
    ),
)  # fmt: skip

# Nobody is signed in where an invitation is accepted: its secret says in whose name the database is asked.
INVITED = """
    CREATE FUNCTION opora_invited(secret varchar) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT person_id FROM people_invitation WHERE secret_hash = secret
    $$;
    REVOKE ALL ON FUNCTION opora_invited(varchar) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION opora_invited(varchar) TO opora_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0001_first"), ("registry", "0009_wall_of_people")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(INVITED, "DROP FUNCTION opora_invited(varchar)"),
    ]
