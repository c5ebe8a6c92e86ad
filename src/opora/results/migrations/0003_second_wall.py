"""Row-level security on imports; which files are counted already is told to whoever holds the same file."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import AROUND_REGIONS, ME, Belongs, walled

OF_ITS_BATCH = "EXISTS (SELECT FROM results_importbatch b WHERE b.id = results_importedfile.batch_id)"

WALL = walled(
    Belongs(
        "results_importbatch", region="region_id",
        read=(f"by_id = {ME}",),
        write=(f"by_id = {ME} AND (region_id IS NULL OR region_id = {AROUND_REGIONS})",),
    ),
    Belongs("results_importedfile", read=(OF_ITS_BATCH,), write=(OF_ITS_BATCH,)),
    Belongs("results_savedmapping", region="region_id", read=(f"by_id = {ME}", "region_id IS NULL")),
)  # fmt: skip

# A file counts once in the whole country: an import must know of one that its person may not see.
ACCEPTED = """
    CREATE FUNCTION opora_accepted(digests text[]) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT digest FROM results_importedfile WHERE digest = ANY (digests) AND state = 'accepted' $$;
    REVOKE ALL ON FUNCTION opora_accepted(text[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION opora_accepted(text[]) TO opora_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("results", "0002_saved_mapping"), ("registry", "0006_second_wall")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(ACCEPTED, "DROP FUNCTION opora_accepted(text[])"),
    ]
