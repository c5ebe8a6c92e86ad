"""Search by any part of a name or code; a municipality in no other region than its school."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0001_first")]

    operations: ClassVar = [
        TrigramExtension(),
        migrations.AddIndex(
            "school",
            GinIndex(name="school_by_words", fields=["search_key"], opclasses=["gin_trgm_ops"]),
        ),
        migrations.RunSQL(
            """ALTER TABLE registry_school ADD CONSTRAINT school_lies_in_its_municipality_s_region
               FOREIGN KEY (municipality_id, region_id) REFERENCES registry_municipality (id, region_id)
               ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED""",
            "ALTER TABLE registry_school DROP CONSTRAINT school_lies_in_its_municipality_s_region",
        ),
    ]
