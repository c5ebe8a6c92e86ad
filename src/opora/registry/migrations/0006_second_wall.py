"""Row-level security: the scope of the acting person, and policies on the registry and on the trace."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import (
    ANYTHING,
    AROUND_MUNICIPALITIES,
    AROUND_REGIONS,
    ME,
    REGIONS,
    SCOPE,
    Belongs,
    walled,
)

FUNCTIONS = (
    "opora_enter(bigint, text)", "opora_sees_anything()", "opora_around_municipalities()",
    "opora_around_regions()", "opora_schools()", "opora_municipalities()", "opora_regions()",
    "opora_country()", "opora_person()", "opora_scope(text)",
)  # fmt: skip

# The application may use what is there and what later migrations make; a table of a place has policies.
GRANTS = """
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO opora_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO opora_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO opora_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO opora_app;
    REVOKE ALL ON django_migrations FROM opora_app;
    REVOKE INSERT, UPDATE, DELETE ON registry_region, registry_retiredregion FROM opora_app;
"""
NO_GRANTS = """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM opora_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM opora_app;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM opora_app;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM opora_app;
"""

# An appointment belongs to its place; that of a municipality or a school also to its region.
OF_MY_MUNICIPALITY = f"""EXISTS (SELECT FROM registry_municipality m
    WHERE m.id = registry_appointment.municipality_id AND m.region_id = {REGIONS})"""
OF_MY_SCHOOL = "EXISTS (SELECT FROM registry_school s WHERE s.id = registry_appointment.school_id)"
# A change of schools is read where it touches a school or a municipality of mine.
OF_MY_SCHOOLS = "schools && (SELECT opora_schools())::bigint[]"
OF_MY_MUNICIPALITIES = "municipalities && (SELECT opora_municipalities())::bigint[]"
OF_THE_COUNTRY = f"num_nulls(region_id, municipality_id, school_id) = 3 AND {ANYTHING}"
THIS_CHAIN = f"(chain_id = '' OR chain_id = {REGIONS} OR chain_id = {AROUND_REGIONS})"

WALL = walled(
    Belongs(
        "registry_municipality", region="region_id", municipality="id",
        read=(f"id = {AROUND_MUNICIPALITIES}",),
    ),
    Belongs("registry_school", region="region_id", municipality="municipality_id", school="id"),
    Belongs(
        "registry_appointment",
        region="region_id", municipality="municipality_id", school="school_id",
        around=True,  # who coordinates my region sees my school: I may know
        read=(f"person_id = {ME}", OF_MY_MUNICIPALITY, OF_MY_SCHOOL, OF_THE_COUNTRY),
        write=(OF_MY_MUNICIPALITY, OF_MY_SCHOOL),
    ),
    Belongs("registry_schoolchange", region="region_id", read=(OF_MY_SCHOOLS, OF_MY_MUNICIPALITIES)),
    # What a chain and its anchors become is written by the trace's own functions, with their owner's rights.
    Belongs(
        "audit_chain", region="territory", around=True, read=("territory = ''",), deeds="SELECT"
    ),
    Belongs("audit_anchor", region="chain_id", around=True, read=("chain_id = ''",), deeds="SELECT"),
    Belongs(
        "audit_change", region="region", municipality="municipality", school="school", deeds="SELECT"
    ),
    Belongs(
        "audit_event", region="chain_id", municipality="municipality", school="school",
        # Until its chain has closed over it, an event is seen by whoever writes it.
        read=(f"by_id = {ME}", "number > (SELECT c.number FROM audit_chain c WHERE c.territory = chain_id)"),
        deeds="SELECT, INSERT",
    ),
)  # fmt: skip

# Nobody signs for another: while somebody acts, what is recorded is theirs. A refused sign-in is nobody's.
SIGNED = f"""
    DROP POLICY put ON audit_event;
    CREATE POLICY put ON audit_event FOR INSERT TO opora_app WITH CHECK (
      CASE WHEN by_id IS NULL AND chain_id = '' AND deed LIKE 'accounts.%' THEN true
           WHEN {ME} IS NOT NULL AND by_id IS DISTINCT FROM {ME} THEN false
           WHEN (SELECT opora_country()) THEN true
           ELSE {THIS_CHAIN} END
    );
"""


# The trace's own functions write what nobody may write by hand; only pages call them.
CLOSED = "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name} TO opora_app;"
    for name in (
        "audit_next(varchar, date)", "audit_anchor_day(date, boolean)", "audit_event_continues_its_chain()",
        "audit_note_changes()", "audit_event_takes_its_changes()",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0005_row_history"), ("audit", "0003_row_history")]

    operations: ClassVar = [
        migrations.RunSQL(
            SCOPE.read_text(encoding="utf-8"), "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
        ),
        migrations.RunSQL(GRANTS, NO_GRANTS),
        migrations.RunSQL(*WALL),
        migrations.RunSQL(SIGNED, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
    ]
