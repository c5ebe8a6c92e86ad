"""Deeds on the registry: the only place that writes it."""

from opora.registry.actions.people import (
    AlreadyAppointed,
    AlreadyEnded,
    OutsideAppointment,
    appoint,
    end_appointment,
    end_deputyship,
    keep_order,
    name_deputy,
    overlapping,
)
from opora.registry.actions.schools import (
    RegionInUse,
    RowsRefused,
    SchoolsImported,
    import_municipalities,
    import_schools,
    load_regions,
)

__all__ = [
    "AlreadyAppointed",
    "AlreadyEnded",
    "OutsideAppointment",
    "RegionInUse",
    "RowsRefused",
    "SchoolsImported",
    "appoint",
    "end_appointment",
    "end_deputyship",
    "import_municipalities",
    "import_schools",
    "keep_order",
    "load_regions",
    "name_deputy",
    "overlapping",
]
