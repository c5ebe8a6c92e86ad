"""Row-level security on runs, verdicts, evidence and counts; names of files behind a school's evidence."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import ANYTHING, AROUND_REGIONS, Belongs, walled

OF_ITS_SCHOOL = "EXISTS (SELECT FROM registry_school s WHERE s.id = identification_evidence.school_id)"

WALL = walled(
    Belongs(
        "identification_run", region="territory_id",
        # A published list is of everybody within its territory; a draft, of those who hold all of it.
        read=(
            f"state = 'published' AND territory_id = {AROUND_REGIONS}",
            f"state = 'published' AND territory_id IS NULL AND {ANYTHING}",
        ),
    ),
    Belongs(
        "identification_verdict", region="region_id", municipality="municipality_id", school="school_id"
    ),
    Belongs("identification_evidence", read=(OF_ITS_SCHOOL,), write=(OF_ITS_SCHOOL,)),
    Belongs("identification_placecount", region="region_id", municipality="municipality_id"),
)  # fmt: skip

# Whoever sees a school's evidence is told the files that it came from, though the imports are not theirs to
# see. The last cell of a row of evidence is the place of its file among the run's sources.
SOURCES = """
    CREATE FUNCTION opora_source_names(of_run bigint, of_school bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT coalesce(jsonb_object_agg(behind.place, f.name), '{}')
      FROM registry_school s
      CROSS JOIN LATERAL (
        SELECT DISTINCT cells ->> -1 AS place, r.options -> 'sources' ->> (cells ->> -1)::int AS digest
        FROM identification_evidence e
        JOIN identification_run r ON r.id = e.run_id
        CROSS JOIN jsonb_array_elements(e.rows) AS cells
        WHERE e.run_id = of_run AND e.school_id = s.id AND cells ->> -1 IS NOT NULL
      ) AS behind
      CROSS JOIN LATERAL (
        SELECT name FROM results_importedfile WHERE digest = behind.digest ORDER BY id DESC LIMIT 1
      ) AS f
      WHERE s.id = of_school AND (
        (current_setting('role') = 'none' AND session_user = current_user)
        OR opora_country() OR s.region_id = ANY (opora_regions())
        OR s.municipality_id = ANY (opora_municipalities()) OR s.id = ANY (opora_schools())
      )
    $$;
    REVOKE ALL ON FUNCTION opora_source_names(bigint, bigint) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION opora_source_names(bigint, bigint) TO opora_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identification", "0003_place_counts"), ("results", "0003_second_wall")]

    operations: ClassVar = [
        migrations.RunSQL(*WALL),
        migrations.RunSQL(SOURCES, "DROP FUNCTION opora_source_names(bigint, bigint)"),
    ]
