"""The regions of ``regions.yaml``."""

from typing import Any, ClassVar

from django.db import migrations

from opora.registry.actions import load_regions


def load(apps: Any, _editor: Any) -> None:
    """Put the regions in."""
    load_regions(
        region_model=apps.get_model("registry", "Region"),
        retired_model=apps.get_model("registry", "RetiredRegion"),
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0002_search_and_place")]

    operations: ClassVar = [migrations.RunPython(load, migrations.RunPython.noop)]
