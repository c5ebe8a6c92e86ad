"""Who sees visits, their records and photos; records are only added to."""

from typing import ClassVar

from django.db import migrations

from opora.registry.wall import Belongs, walled

WALL = walled(
    Belongs(
        "visits_visit", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT, INSERT, UPDATE",
    ),
    Belongs(
        "visits_visitrecord", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT, INSERT",
    ),
    Belongs(
        "visits_visitphoto", region="region_id", municipality="municipality_id", school="school_id",
        deeds="SELECT, INSERT, DELETE",
    ),
)  # fmt: skip
RULES = """
CREATE TRIGGER record_is_never_changed BEFORE UPDATE OR DELETE ON visits_visitrecord
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER records_are_never_emptied BEFORE TRUNCATE ON visits_visitrecord
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
"""
NO_RULES = """
DROP TRIGGER record_is_never_changed ON visits_visitrecord;
DROP TRIGGER records_are_never_emptied ON visits_visitrecord;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("visits", "0001_first"),
        ("audit", "0002_append_only"),
        ("registry", "0009_wall_of_people"),
    ]

    operations: ClassVar = [migrations.RunSQL(*WALL), migrations.RunSQL(RULES, NO_RULES)]
