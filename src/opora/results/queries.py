"""The data of the import page."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse

from opora.accounts.models import User
from opora.audit.log import Asked, LogPage
from opora.audit.queries import events_of, log_page
from opora.language import _
from opora.registry.access import Reach, has_deed, reach
from opora.registry.models import School
from opora.registry.viewers import ViewersPage, over_region, viewers_page
from opora.results.access import visible_imports
from opora.results.models import ImportedFile
from opora.results.pages import Annotated, FileReport, ImportPage, PairRow, PastFile
from opora.results.readers import FileRefused, formats, open_book, readers
from opora.results.reading import Problem
from opora.results.uploads import Brought, Pair, Upload
from opora.results.words import counts_label, outcome_name
from opora.ui.components import Crumb

A_PAGE = 50
MOST_PAIRS = 100  # contradictions that a report shows
LARGEST_COPY = 8 * 1024 * 1024
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def import_page(viewer: User, today: date, brought: list[Brought] | None = None, page: int = 1) -> ImportPage:
    """Answer the import page, with the reports on the files just sent."""
    files = visible_imports(viewer, today).select_related("batch__by").order_by("-pk").defer("notes")
    shown = Paginator(files, A_PAGE).get_page(page)
    may = has_deed(viewer, "import_results", today)
    open_to = reach(viewer, today, "see_viewers")
    return ImportPage(
        reports=tuple(file_report(one) for one in brought or []),
        files=tuple(_past(file, may, open_to) for file in shown),
        paging=shown,
        may_import_schools=has_deed(viewer, "import_schools", today),
        formats=tuple(formats()),
    )


def format_label(name: str) -> str:
    """Say a format as people call it."""
    found = (reader.TITLE for group in readers() for reader in group if name == reader.NAME)
    return _(next(found, name)) if name else ""


def file_report(one: Brought) -> FileReport:
    """Say what became of a file, with its annotated copy if it was refused."""
    differing = [pair for pair in one.pairs if pair.differs]
    return told_report(
        one.file,
        one.problems,
        (len(one.pairs) - len(differing), len(differing)),
        pair_rows(differing[:MOST_PAIRS]),
        annotated(one.upload, one.problems) if one.problems else None,
    )


def told_report(
    file: ImportedFile,
    problems: Sequence[Problem],
    beside: tuple[int, int],
    pairs: tuple[PairRow, ...],
    copy: Annotated | None = None,
) -> FileReport:
    """Say what became of a file from what is known of it; ``beside`` counts the same and the different."""
    return FileReport(
        name=file.name,
        format_label=format_label(file.format),
        state=file.state,
        state_label=file.get_state_display(),
        rows=file.rows,
        schools=file.schools,
        outcomes=file.outcomes,
        skipped=tuple(file.skipped.items()),
        notes=tuple(file.notes),
        problems=tuple(problems),
        annotated=copy,
        same=beside[0],
        different=beside[1],
        pairs=pairs,
    )


def pair_rows(pairs: Sequence[Pair], schools: Mapping[int, School] | None = None) -> tuple[PairRow, ...]:
    """Say results that two files tell differently; ``schools`` are those known already."""
    known = School.objects.in_bulk({pair.school for pair in pairs}) if schools is None else schools
    return tuple(
        PairRow(
            school=str(known[pair.school]),
            label=outcome_name(pair.key),
            kept=counts_label(*pair.kept),
            came=counts_label(*pair.came),
            kept_file=pair.kept_file,
        )
        for pair in pairs
        if pair.school in known
    )


def annotated(upload: Upload, problems: Sequence[Problem]) -> Annotated | None:
    """Mark the errors in a copy of the person's file and put it into the page itself.

    The copy lives in the answer only: it holds what the file held, and the server keeps nothing of it.
    """
    from opora.results.readers.annotate import annotated as marked

    if upload.size > LARGEST_COPY:
        return Annotated(upload.name, "", too_large=True)
    content = upload.content
    source = content if isinstance(content, bytes) else content.read_bytes()
    try:
        book = open_book(source, upload.name)
    except FileRefused:
        return None
    copy = marked(source, book, list(problems))
    stem, _dot, ending = upload.name.rpartition(".")
    ending = "csv" if book.kind == "csv" else "xlsx"
    name = _("{name} (замечания).{ending}").format(name=stem or upload.name, ending=ending)
    if len(copy) > LARGEST_COPY:
        return Annotated(name, "", too_large=True)
    return Annotated(name, f"data:{KINDS[ending]};base64,{b64encode(copy).decode()}", too_large=False)


def _past(file: ImportedFile, may: bool, open_to: Reach) -> PastFile:
    return PastFile(
        id=file.pk,
        name=file.name,
        format_label=format_label(file.format),
        state=file.state,
        state_label=file.get_state_display(),
        rows=file.rows,
        schools=file.schools,
        outcomes=file.outcomes,
        problems=tuple(Problem(**problem) for problem in file.problems),
        by=file.batch.by.full_name,
        at=file.batch.at,
        may_withdraw=may and file.state == ImportedFile.State.ACCEPTED,
        viewers_href=(
            reverse("results:file_viewers", args=(file.pk,))
            if open_to.holds_region(file.batch.region_id)
            else None
        ),
    )


def viewers_of_file(today: date, file: ImportedFile, number: int) -> ViewersPage:
    """Answer who sees an imported file: who brings results of the whole region, and who brought it."""
    crumbs = (Crumb(_("Результаты"), reverse("results:files")), Crumb(_("Кто это видит?")))
    note = _("И тот, кто загрузил: {name}.").format(name=file.batch.by.full_name)
    where = over_region(file.batch.region_id)
    return viewers_page(today, file.name, crumbs, where, "import_results", number, note)


def log_of_file(file: ImportedFile, asked: Asked) -> LogPage:
    """Answer the log of an imported file: how it came, with which others, and whether it was taken back."""
    come = Q(target="results.importbatch", target_id=str(file.batch_id))
    return log_page(
        events_of("results.importedfile", file.pk, come),
        asked,
        title=_("Журнал файла"),
        lead=_("{name}: кто, когда и в какой роли что сделал.").format(name=file.name),
        crumbs=(Crumb(_("Результаты"), reverse("results:files")), Crumb(file.name), Crumb(_("Журнал"))),
        own=("results.importedfile", str(file.pk)),
    )
