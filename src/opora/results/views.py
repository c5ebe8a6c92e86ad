"""Pages of results: bring files, see what became of them, take one back; bring schools."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.audit.log import read_asked
from opora.language import _
from opora.registry.access import reach, visible_schools
from opora.registry.doors import for_holders_of
from opora.results.access import visible_imports
from opora.results.actions import accept_files, withdraw_import
from opora.results.arrivals_page import arrivals_page
from opora.results.desk.query import desk_page
from opora.results.forms import ImportForm, TableForm, upload_of
from opora.results.incoming import sweep
from opora.results.queries import import_page, log_of_file, viewers_of_file
from opora.results.registry_tables import import_table
from opora.results.school_figures import figures_page
from opora.ui.components import page_asked


@require_http_methods(["GET", "POST"])
@for_holders_of("import_results")
def import_results(request: SignedIn) -> HttpResponse:
    """Bring files of results; the answer holds the report, so that nothing of it is kept."""
    sweep(Path(settings.FILE_UPLOAD_TEMP_DIR))
    today, brought = timezone.localdate(), None
    form = ImportForm(*_sent(request), viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        region = form.cleaned_data["region"]
        brought = accept_files(
            form.uploads(), form.context(), request.user, today, region, mapping=form.mapping_of_files()
        )
    page = import_page(request.user, today, brought, page_asked(request.GET))
    status = 422 if form.errors or any(one.problems for one in brought or []) else 200
    shown = {"form": form, "page": page, "desk": desk_page(request.user)}
    return render(request, "results/import.html", shown, status=status)


@require_GET
@for_holders_of("import_results")
def results(request: SignedIn) -> HttpResponse:
    """Show what was brought before."""
    page = import_page(request.user, timezone.localdate(), None, page_asked(request.GET))
    return render(request, "results/files.html", {"page": page})


@require_GET
@for_holders_of("import_results")
def arrived(request: SignedIn) -> HttpResponse:
    """Show what has arrived in a region, by municipality and subject, and what has not."""
    asked = request.GET.get("region", ""), request.GET.get("held", "")
    page = arrivals_page(request.user, timezone.localdate(), *asked)
    return render(request, "results/arrived.html", {"page": page})


@require_POST
@for_holders_of("import_results")
def withdraw(request: SignedIn, file: int) -> HttpResponse:
    """Take a file's results back."""
    found = get_object_or_404(visible_imports(request.user, timezone.localdate()), pk=file)
    withdraw_import(found, request.user)
    messages.success(request, _("Файл «{name}» отозван").format(name=found.name))
    return redirect("results:files")


@require_GET
def file_viewers(request: SignedIn, file: int) -> HttpResponse:
    """Say who sees an imported file, and why."""
    today = timezone.localdate()
    seen = visible_imports(request.user, today).select_related("batch__by")
    found = get_object_or_404(seen, pk=file)
    if not reach(request.user, today, "see_viewers").holds_region(found.batch.region_id):
        raise Http404
    return render(
        request, "registry/viewers.html", {"page": viewers_of_file(today, found, page_asked(request.GET))}
    )


@require_GET
def file_log(request: SignedIn, file: int) -> HttpResponse:
    """Show the log of an imported file."""
    found = get_object_or_404(visible_imports(request.user, timezone.localdate()), pk=file)
    return render(request, "audit/log.html", {"page": log_of_file(found, read_asked(request.GET))})


@require_GET
def school_figures(request: SignedIn, pk: int) -> HttpResponse:
    """Show a school's results as they were and as they are."""
    today = timezone.localdate()
    school = get_object_or_404(visible_schools(request.user, today), pk=pk)
    page = figures_page(request.user, today, school)
    return render(request, "results/school_figures.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("import_schools")
def import_registry(request: SignedIn) -> HttpResponse:
    """Bring municipalities or schools from a table."""
    report = None
    form = TableForm(*_sent(request), viewer=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        report = import_table(upload_of(given["file"]), request.user, given["region"])
    status = 422 if form.errors or (report and report.problems) else 200
    return render(request, "results/import_schools.html", {"form": form, "report": report}, status=status)


def _sent(request: SignedIn) -> tuple[Any, Any]:
    """Answer what a form was sent with; nothing where the page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
