"""Deeds on results: files are brought in and taken back; the only place that writes imports."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.audit.models import Event
from opora.language import _
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.history.carrying import day_of
from opora.registry.models import Region, School
from opora.registry.queries import schools_by_code
from opora.results.contradictions import pairs
from opora.results.models import ImportBatch, ImportedFile, SavedMapping
from opora.results.readers import FileRefused
from opora.results.readers.mapping import Mapping
from opora.results.readers.together import read_together
from opora.results.reading import Context, Problem, Reading
from opora.results.store import AlreadyCounted, Manifest, Store
from opora.results.uploads import Brought, Pair, Upload

LOCK = 7_002  # files become results one import at a time
MOST_NAMED = 20  # schools and collisions that one file's report names

State = ImportedFile.State


@dataclass
class _Draft:
    """A file on its way: read, and checked against the registry."""

    upload: Upload
    reading: Reading
    problems: list[Problem]
    outcomes: pl.DataFrame
    indicators: pl.DataFrame
    state: str = State.ACCEPTED
    pairs: list[Pair] = field(default_factory=list)

    def refuse(self, problems: list[Problem]) -> None:
        self.problems, self.state = [*self.problems, *problems], State.REFUSED


def store() -> Store:
    """Open the store of this place."""
    return Store(settings.OUTCOMES)


def accept_files(  # noqa: PLR0913 (files, what is said of them, who, when, where)
    uploads: Sequence[Upload],
    context: Context,
    by: User,
    today: date,
    region: Region | None = None,
    *,
    mapping: Mapping | None = None,
    along: Callable[[list[Brought]], None] | None = None,
) -> list[Brought]:
    """Read files and add what they tell to the store (загрузить результаты).

    mapping: how the columns of another system's tables are called; kept to be chosen again when a file that
    it reads was accepted. along: what is written in the same transaction, or not at all.

    A file with errors changes nothing; a file that is there already is told and not counted twice; the others
    of the same go are accepted. Nothing of a file is kept but its digest, its counts and the outcomes.

    Raises: NotAllowed.
    Records: results.accept_files; results.keep_mapping.
    """
    if not reach(by, today, "import_results"):
        raise NotAllowed(_("Загружать результаты может координатор"))
    code = region.code if region else context.region
    given = [(upload.content, replace(context, name=upload.name, region=code)) for upload in uploads]
    drafts = [
        _draft(upload, read) for upload, read in zip(uploads, read_together(given, mapping), strict=True)
    ]
    _resolve_schools(drafts, by, today, code)
    brought = _keep(drafts, context, by, region, along)
    if mapping and any(one.file.state == State.ACCEPTED for one in brought):
        _keep_mapping(mapping, by, region)
    return brought


@transaction.atomic
def _keep_mapping(mapping: Mapping, by: User, region: Region | None) -> None:
    title = (mapping.title or mapping.file)[:200]
    kept, _is_new = SavedMapping.objects.update_or_create(
        region=region, title=title, defaults={"text": mapping.text, "by": by}
    )
    code = region.pk if region else None
    role = role_for(by, "import_results", timezone.localdate(), code)
    record("results.keep_mapping", by, kept, region=code, role=role, title=title)


def _draft(upload: Upload, read: Reading | FileRefused) -> _Draft:
    if isinstance(read, FileRefused):
        nothing = pl.DataFrame(schema={"school": pl.String})
        reading = Reading("", _digest(upload), nothing, nothing, [read.problem])
    else:
        reading = read
    state = State.REFUSED if reading.problems else State.ACCEPTED
    return _Draft(upload, reading, list(reading.problems), reading.outcomes, reading.indicators, state)


def _digest(upload: Upload) -> str:
    import hashlib

    if isinstance(upload.content, bytes):
        return hashlib.sha256(upload.content).hexdigest()
    with upload.content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _resolve_schools(drafts: list[_Draft], by: User, today: date, region: str) -> None:
    """Put the registry's schools in the place of the codes of the files; an unknown code is a problem."""
    read_well = [draft for draft in drafts if draft.reading.format]
    tables = [table for draft in read_well for table in (draft.outcomes, draft.indicators)]
    written = {code for table in tables for code in table["school"].unique() if code is not None}
    days = {draft.reading.digest: _day(draft, today) for draft in read_well}
    at = {day: schools_by_code(written, by, today, region, day) for day in set(days.values())}
    for draft in read_well:
        known = at[days[draft.reading.digest]]
        here = {code for table in (draft.outcomes, draft.indicators) for code in table["school"].unique()}
        if unknown := sorted(code for code in here if code not in known):
            draft.refuse(_unknown_schools(unknown))
            continue
        if not here:
            if not draft.problems and not draft.reading.rows:  # appeals have rows and no outcomes
                nothing = _("В файле нет ни одного результата")
                draft.refuse([Problem("", "", nothing, _("Проверьте, та ли это выгрузка"))])
            continue
        numbers = {code: str(known[code]) for code in here}
        name = pl.col("school").replace_strict(numbers, return_dtype=pl.String)
        draft.outcomes = draft.outcomes.with_columns(name)
        draft.indicators = draft.indicators.with_columns(name)


def _day(draft: _Draft, today: date) -> date:
    """Answer the day by whose codes a file speaks: that of its latest year; an autumn's comes later."""
    if draft.outcomes.is_empty() or "year" not in draft.outcomes.columns:
        return today
    last = draft.outcomes.sort("year").tail(1).to_dicts()[0]
    return min(day_of(last["year"], last.get("sitting") or ""), today)


def _unknown_schools(codes: list[str]) -> list[Problem]:
    allowed = _("Код школы из реестра, порученной вам; недостающие школы загрузите в реестр")
    told = [
        Problem("", "", _("Школы с кодом {code} нет в реестре").format(code=code), allowed)
        for code in codes[:MOST_NAMED]
    ]
    if (rest := len(codes) - MOST_NAMED) > 0:
        what = _("И ещё кодов, которых нет в реестре: {count}").format(count=rest)
        told.append(Problem("", "", what, allowed))
    return told


def _keep(
    drafts: list[_Draft],
    context: Context,
    by: User,
    region: Region | None,
    along: Callable[[list[Brought]], None] | None,
) -> list[Brought]:
    """Write the files down and their results into the store: both, or neither."""
    added: tuple[list[str], Manifest] | None = None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            added = _add_to_store(drafts)
            hints = {
                "year": context.year,
                "subject": context.subject,
                "grade": context.grade,
                "school": context.school,
            }
            batch = ImportBatch.objects.create(by=by, region=region, hints=hints)
            files = ImportedFile.objects.bulk_create(_row(draft, batch) for draft in drafts)
            _record_accepted(drafts, batch, by, region)
            brought = [
                Brought(file, draft.upload, draft.problems, draft.pairs)
                for file, draft in zip(files, drafts, strict=True)
            ]
            if along:
                along(brought)
    except BaseException:
        if added:
            _take_back(*added)
        raise
    return brought


def _take_back(digests: list[str], content: Manifest) -> None:
    """Take from the store what the database did not take."""
    if not store().step_back(content):
        store().withdraw(*digests)


def _record_accepted(drafts: list[_Draft], batch: ImportBatch, by: User, region: Region | None) -> None:
    """Record an import where its schools are, so that their coordinators read of it."""
    accepted = [draft for draft in drafts if draft.state == State.ACCEPTED]
    code, municipality = _place_of(accepted)
    code = region.pk if region else code
    record(
        "results.accept_files",
        by,
        batch,
        region=code,
        municipality=municipality,
        role=role_for(by, "import_results", timezone.localdate(), code),
        files=len(drafts),
        accepted=len(accepted),
        digests=[draft.reading.digest for draft in accepted],
    )


def _place_of(drafts: list[_Draft]) -> tuple[str | None, int | None]:
    """Answer the region and the municipality that all results are of, each where it is a single one."""
    numbers = {number for draft in drafts for number in draft.outcomes["school"].unique()}
    numbers |= {number for draft in drafts for number in draft.indicators["school"].unique()}
    places = list(
        School.objects.filter(pk__in=[int(number) for number in numbers])
        .order_by("region", "municipality")
        .values_list("region", "municipality")
        .distinct()
    )
    regions, municipalities = {place[0] for place in places}, {place[1] for place in places}
    return (
        regions.pop() if len(regions) == 1 else None,
        municipalities.pop() if len(municipalities) == 1 else None,
    )


def _where_recorded(file: ImportedFile) -> tuple[str | None, int | None]:
    """Answer the region and the municipality under which a file's import was recorded."""
    told = Event.objects.filter(target="results.importbatch", target_id=str(file.batch_id))
    place = told.values_list("chain_id", "municipality").first()
    return (place[0] or None, place[1]) if place else (file.batch.region_id, None)


def _add_to_store(drafts: list[_Draft]) -> tuple[list[str], Manifest] | None:
    """Add the accepted files to the store, mark repeated and colliding ones.

    Answers what was added and the content that it made. Empty: None.
    """
    digests = [draft.reading.digest for draft in drafts]
    there = _accepted(digests)
    for draft in drafts:
        if draft.state == State.ACCEPTED:
            if draft.reading.digest in there:
                draft.state = State.REPEATED
            there.add(draft.reading.digest)
    results = store()
    arriving = [draft for draft in drafts if draft.state == State.ACCEPTED]
    left_behind = {draft.reading.digest for draft in arriving} & set(results.sources()["source"])
    if left_behind:  # a process died between the store and the database: that import never was
        results.withdraw(*sorted(left_behind))
    while arriving:
        try:
            content = results.add_many(
                [(draft.reading.digest, draft.outcomes) for draft in arriving],
                [(draft.reading.digest, draft.indicators) for draft in arriving],
            )
            return [draft.reading.digest for draft in arriving], content
        except AlreadyCounted as refusal:
            _refuse_colliding(arriving, refusal)
            arriving = [draft for draft in arriving if draft.state == State.ACCEPTED]
    return None


def _accepted(digests: list[str]) -> set[str]:
    """Answer which files are counted already, whoever brought them: the same file never counts twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_accepted(%s)", [digests])
        return {row[0] for row in cursor.fetchall()}


def _refuse_colliding(arriving: list[_Draft], refusal: AlreadyCounted) -> None:
    """Refuse the files that tell what another file has told, and say which."""
    by_digest = {draft.reading.digest: draft for draft in arriving}
    told = {collision.kept for collision in refusal.collisions}
    names = dict(
        ImportedFile.objects.filter(digest__in=told, state=State.ACCEPTED).values_list("digest", "name")
    ) | {digest: draft.upload.name for digest, draft in by_digest.items()}
    unseen = _("другого человека")
    coming = {digest: draft.outcomes for digest, draft in by_digest.items()}
    beside = pairs(store(), refusal.collisions, coming, names, unseen)
    for digest, draft in by_digest.items():
        mine = [collision for collision in refusal.collisions if collision.arriving == digest]
        if mine:
            draft.pairs = beside.get(digest, [])
            others = sorted({names.get(collision.kept, unseen) for collision in mine})
            what = _("Результаты {count} школ за те же работы уже загружены из файла {names}").format(
                count=len({collision.school for collision in mine}), names=", ".join(others[:MOST_NAMED])
            )
            draft.refuse([Problem("", "", what, _("Отзовите прежний файл и загрузите этот снова"))])


def _row(draft: _Draft, batch: ImportBatch) -> ImportedFile:
    reading, accepted = draft.reading, draft.state == State.ACCEPTED
    return ImportedFile(
        batch=batch,
        digest=reading.digest,
        name=draft.upload.name[:255],
        format=reading.format,
        size=draft.upload.size,
        rows=reading.rows,
        schools=draft.outcomes["school"].n_unique() if accepted else 0,
        outcomes=draft.outcomes.height if accepted else 0,
        skipped=reading.skipped,
        problems=[asdict(problem) for problem in draft.problems],
        notes=reading.notes,
        state=draft.state,
    )


def withdraw_import(file: ImportedFile, by: User) -> ImportedFile:
    """Take a file's results back as if it had never come (отозвать); doing it twice changes nothing.

    Records: results.withdraw_import, where the import was recorded.
    """
    results, content = store(), None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            file = ImportedFile.objects.select_for_update().get(pk=file.pk)
            if file.state != State.ACCEPTED:
                return file
            file.state, file.withdrawn_by, file.withdrawn_at = State.WITHDRAWN, by, timezone.now()
            file.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
            _record_withdrawn(file, by)
            if file.digest in set(results.sources()["source"]):
                content = results.withdraw(file.digest)
    except BaseException:
        if content:  # the database did not take it
            results.step_back(content)
        raise
    return file


def _record_withdrawn(file: ImportedFile, by: User) -> None:
    code, municipality = _where_recorded(file)
    role = role_for(by, "import_results", timezone.localdate(), code)
    record(
        "results.withdraw_import",
        by,
        file,
        region=code,
        municipality=municipality,
        role=role,
        digest=file.digest,
    )
