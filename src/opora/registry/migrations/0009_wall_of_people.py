"""The scope knows deputies and leaves helpers out; row-level security on orders and deputyships."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import (
    ANYTHING,
    AROUND_REGIONS,
    ME,
    REGIONS,
    SCOPE,
    SCOPE_WITH_DEPUTIES,
    Belongs,
    lies_within,
    walled,
)

# What the older scope was, for the way back.
OLDER = (
    "CREATE OR REPLACE FUNCTION opora_enter"
    + SCOPE.read_text(encoding="utf-8").partition("CREATE FUNCTION opora_enter")[2]
)
NO_DEPUTIES = f"""{OLDER}
    DROP FUNCTION opora_is_appointed(bigint, date); DROP FUNCTION opora_own_places();
    DROP FUNCTION opora_role();
    DROP FUNCTION opora_own_regions();
"""

OF_THE_COUNTRY = f"num_nulls(region_id, municipality_id, school_id) = 3 AND {ANYTHING}"
# An order is read by whoever reads an appointment that it makes or ends: the appointed person, too.
OF_AN_APPOINTMENT = """EXISTS (SELECT FROM registry_appointment a
    WHERE a.order_id = registry_order.id OR a.end_order_id = registry_order.id)"""
OF_MY_APPOINTMENT = f"""EXISTS (SELECT FROM registry_appointment a
    WHERE a.id = registry_deputyship.appointment_id AND a.person_id = {ME})"""

WALL = walled(
    Belongs(
        "registry_order",
        region="region_id", municipality="municipality_id", school="school_id",
        read=(*lies_within("registry_order"), OF_AN_APPOINTMENT),
        write=lies_within("registry_order"),
        deeds="SELECT, INSERT, UPDATE",
    ),
    Belongs(
        "registry_deputyship",
        region="region_id", municipality="municipality_id", school="school_id",
        around=True,
        read=(
            f"deputy_id = {ME}", *lies_within("registry_deputyship"), OF_THE_COUNTRY, OF_MY_APPOINTMENT,
        ),
        write=(*lies_within("registry_deputyship"), OF_MY_APPOINTMENT),
        deeds="SELECT, INSERT, UPDATE",
    ),
)  # fmt: skip

# A refused sign-in or invitation is nobody's. A person's own deed is recorded in the chain of a region where
# they are appointed, though it opens nothing: an invitation accepted before the first day, a helper's deputy.
SIGNED = f"""
    DROP POLICY put ON audit_event;
    CREATE POLICY put ON audit_event FOR INSERT TO opora_app WITH CHECK (
      CASE WHEN by_id IS NULL AND chain_id = ''
                AND (deed LIKE 'accounts.%' OR deed = 'people.refuse_invitation') THEN true
           WHEN {ME} IS NOT NULL AND by_id IS DISTINCT FROM {ME} THEN false
           WHEN (SELECT opora_country()) THEN true
           ELSE (chain_id = '' OR chain_id = {REGIONS} OR chain_id = {AROUND_REGIONS}
                 OR chain_id = ANY ((SELECT opora_own_regions())::text[])) END
    );
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0008_appointments_are_ended")]

    operations: ClassVar = [
        migrations.RunSQL(SCOPE_WITH_DEPUTIES.read_text(encoding="utf-8"), NO_DEPUTIES),
        migrations.RunSQL(*WALL),
        migrations.RunSQL(SIGNED, migrations.RunSQL.noop),
    ]
