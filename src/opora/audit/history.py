"""Tells a table's rows to be followed: every change is noted by the database, whoever makes it."""

from typing import Any

from django.db.migrations import RunSQL

KINDS = (
    ("INSERT", "added", "NEW TABLE AS new_rows"),
    ("UPDATE", "changed", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("DELETE", "removed", "OLD TABLE AS old_rows"),
)


def keep_history(  # noqa: PLR0913 (whose a row is)
    table: str,
    target: str,
    *,
    region: str = "",
    municipality: str = "",
    school: str = "",
    without: tuple[str, ...] = (),
) -> RunSQL:
    """Answer the step of a migration that follows a table, after ``("audit", "0003_row_history")``.

    target: the model as events name it, ``room.model``; its key is the column ``id``.
    region, municipality, school: the columns that say whose a row is.
    without: columns that say nothing to a person, such as what the database makes itself.
    """
    given = ", ".join(f"'{one}'" for one in (target, region, municipality, school, ",".join(without)))
    forward: list[Any] = [
        f"CREATE TRIGGER row_{word} AFTER {deed} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION audit_note_changes({given})"
        for deed, word, rows in KINDS
    ]
    backward: list[Any] = [f"DROP TRIGGER row_{word} ON {table}" for _deed, word, _rows in KINDS]
    return RunSQL(forward, backward)
