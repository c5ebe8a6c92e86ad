"""A run is made from an edition and the store: every verdict is kept with its evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.making import VERDICT_COLUMNS, as_text, make, unstable_below
from opora.identification.models import Evidence, PlaceCount, Run, Verdict
from opora.identification.tables import counts_of, school_table
from opora.language import _
from opora.methodology.edition import Edition, load
from opora.methodology.identification import Identification
from opora.methodology.parameters import FEDERAL
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import Region
from opora.results.actions import store

VERDICT = ("run_id", *VERDICT_COLUMNS)
COUNT = ("run_id", "list", "region_id", "municipality_id", "schools", "listed", "unstable")


class NoResults(Exception):
    """The store has no results of this territory and these years."""


def start_run(  # noqa: PLR0913 (what a run depends on, who makes it, and its name)
    edition: str | Edition,
    years: Sequence[int] | None,
    territory: Region | None,
    by: User,
    title: str = "",
    *,
    changes: Mapping[str, Any] | None = None,
) -> Run:
    """Apply an edition to what the store holds now and keep every verdict with its evidence (сделать прогон).

    ``years`` replaces the edition's window; without a territory the run is for the country. ``changes`` are
    other numbers than the edition's, as ``identify`` takes them: the run keeps them, and says them.

    Raises: NotAllowed, NoResults, and what ``identify`` raises; nothing is kept then.
    Records: identification.start_run, with the digests that the list can be made again from.
    """
    if not reach(by, timezone.localdate(), "start_run").holds_region(territory.pk if territory else None):
        raise NotAllowed(_("Составлять перечень может координатор своего региона или федеральный оператор"))
    rule = edition if isinstance(edition, Edition) else load(edition)
    results = store()
    current = results.current()
    if current is None:
        raise NoResults(_("Результаты ещё не загружены"))
    schools = school_table(territory)
    where = territory.iso if territory else FEDERAL
    made = make(results, current, schools, rule, years, where, changes)
    if made.found.verdicts.is_empty():
        raise NoResults(_("За эти годы нет результатов, на которые смотрит методика"))
    content = results.bind(current, schools).digest
    with transaction.atomic():
        run = _run(made.found, content, territory, by, title)
        run.changes = made.found.settings["changes"]
        run.options |= {"sources": made.sources, "years": years and list(years)}
        run.result = made.digest()
        run.save()
        _copy(Verdict, VERDICT, ((run.pk, *row) for row in made.verdict_rows()))
        evidence = ((run.pk, name, school, as_text(rows)) for name, school, rows in made.evidence_rows())
        _copy(Evidence, ("run_id", "list", "school_id", "rows"), evidence)
        _copy(PlaceCount, COUNT, ((run.pk, *row) for row in counts_of(made.verdicts).iter_rows()))
        told: dict[str, Any] = {"edition": run.edition, "digest": run.edition_digest}
        told |= {"content": run.content, "result": run.result}
        if changes:
            told["changes"] = run.changes
        record("identification.start_run", by, run, **told, **told_of(run, by, "start_run"))
    return run


def told_of(run: Run, by: User, needs: str) -> dict[str, Any]:
    """Answer what every record of a deed on a whole run tells; ``needs`` is what one may do to do it."""
    role = role_for(by, needs, timezone.localdate(), run.territory_id)
    return {"region": run.territory_id, "role": role, "title": run.title}


def _run(
    found: Identification,
    content: str,
    territory: Region | None,
    by: User,
    title: str,
) -> Run:
    rule = found.edition
    return Run(
        title=title or rule.title.ru,
        edition=rule.name,
        edition_title=rule.title.ru,
        edition_text=rule.text,
        edition_digest=rule.digest,
        edition_status=rule.status,
        years=list(found.years),
        content=content,
        territory=territory,
        options={"settings": found.settings, "notes": list(found.notes)},
        unstable_below=unstable_below(found),
        lists=list(rule.lists),
        by=by,
    )


def _copy(model: Any, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write many rows by COPY: tens of thousands of objects would cost seconds.

    COPY passes by no policy, so the server refuses it on a walled table: the rows arrive in a table of this
    session, and are put from there as any row is.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        like = f'SELECT {names} FROM "{table}" LIMIT 0'  # noqa: S608 (names of our own models)
        cursor.execute(f"CREATE TEMP TABLE arriving ON COMMIT DROP AS {like}")
        with cursor.copy(f"COPY arriving ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM arriving')  # noqa: S608
        cursor.execute("DROP TABLE arriving")
