"""Changes of municipalities, schools and appointments are noted."""

from django.db import migrations

from opora.audit.history import keep_history


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_school_history"), ("audit", "0003_row_history")]

    operations = [
        keep_history(
            "registry_municipality",
            "registry.municipality",
            region="region_id",
            municipality="id",
            without=("sort_key",),
        ),
        keep_history(
            "registry_school",
            "registry.school",
            region="region_id",
            municipality="municipality_id",
            school="id",
            without=("sort_key", "search_key"),
        ),
        keep_history(
            "registry_appointment",
            "registry.appointment",
            region="region_id",
            municipality="municipality_id",
            school="school_id",
        ),
    ]
