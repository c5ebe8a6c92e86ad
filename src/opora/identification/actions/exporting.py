"""A list is taken out as a file: who took what is recorded before the first byte leaves."""

from datetime import date

from django.db import transaction

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.models import Run
from opora.identification.stamp import Stamp
from opora.language import _
from opora.registry.access import NotAllowed, acting_at, has_deed, held_by
from opora.registry.roles import Role


@transaction.atomic
def export_list(  # noqa: PLR0913, PLR0917 (what is taken, by whom)
    run: Run, title: str, kind: str, schools: int, by: User, today: date
) -> Stamp:
    """Record that somebody takes a list, and answer the stamp that the file bears (выгрузить перечень).

    ``title`` is the list's, ``kind`` xlsx, docx, pdf or json.
    Raises: NotAllowed.
    Records: identification.export_list.
    """
    if not has_deed(by, "see_lists", today):
        raise NotAllowed(_("Выгружать перечень может тот, кому открыты перечни"))
    place = (run.territory_id, None, None)
    held = acting_at(by, today, place) or next(iter(held_by(by, today)))
    event = record(
        "identification.export_list",
        by,
        run,
        region=run.territory_id or held.region,
        role=str(held.role),
        title=run.title,
        of=title,
        kind=kind,
        schools=schools,
    )
    number = f"{event.chain_id or 'RU'}-{event.number}"
    return Stamp(by.full_name, str(Role(held.role).label), event.at, number)
