"""The page on which a list is taken out as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opora.accounts.requests import SignedIn
from opora.identification.access import visible_runs
from opora.identification.actions.exporting import export_list
from opora.identification.exporting.documents import TooLong, as_docx, as_pdf, checked
from opora.identification.exporting.forms import ExportForm
from opora.identification.exporting.json_file import as_json
from opora.identification.exporting.taken import Taken
from opora.identification.exporting.xlsx import as_xlsx
from opora.identification.filters import Filters, whole
from opora.identification.models import Run, Verdict
from opora.identification.queries import region_name, run_head
from opora.identification.stamp import Stamp
from opora.identification.wording import edition_of, legal_note, list_title
from opora.language import _
from opora.registry.access import has_deed, reach, visible_municipalities, visible_regions
from opora.registry.streaming import streamed
from opora.ui.components import Crumb

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def export(request: SignedIn, pk: int) -> HttpResponseBase:
    """Ask what is taken out and as what; hand it out."""
    today = timezone.localdate()
    run = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    if not has_deed(request.user, "see_lists", today):
        raise Http404
    where = _where(request, today)
    initial = {"list": request.GET.get("list") or run.lists[0]}
    form = ExportForm(request.POST if request.method == "POST" else None, run=run, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _handed(request, run, where, form.cleaned_data, today)
        except TooLong as refusal:
            form.add_error("kind", str(refusal))
    page = {"run": run_head(run), "crumbs": _crumbs(run), "narrowed": where[1], "note": legal_note()}
    status = 422 if form.errors else 200
    return render(request, "identification/export.html", {"form": form, "page": page}, status=status)


def _where(request: SignedIn, today: date) -> tuple[Filters, str]:
    """Answer the place that the address narrows the list to, and its name; a foreign one is none."""
    region = visible_regions(request.user, today).filter(pk=request.GET.get("region", "")[:2]).first()
    number = whole(request.GET.get("municipality"))
    place = visible_municipalities(request.user, today).filter(pk=number).first() if number else None
    names = [region_name(region)] if region else []
    names += [place.name] if place else []
    return Filters(region=region.pk if region else "", municipality=place.pk if place else None), ", ".join(
        names
    )


def _crumbs(run: Run) -> tuple[Crumb, ...]:
    return (
        Crumb(_("Все перечни"), reverse("identification:runs")),
        Crumb(run.title, reverse("identification:run", args=(run.pk,))),
        Crumb(_("Выгрузить")),
    )


def _handed(
    request: SignedIn, run: Run, where: tuple[Filters, str], told: dict[str, Any], today: date
) -> HttpResponseBase:
    kind, name = told["kind"], told["list"] or run.lists[0]
    filters, place = where
    far = reach(request.user, today, "see_lists")
    seen = Verdict.objects.filter(far.within(school="school"), run=run)
    if filters.region:
        seen = seen.filter(region=filters.region)
    if filters.municipality:
        seen = seen.filter(municipality=filters.municipality)
    listed_only = kind in ("pdf", "docx") or told["only"] == "listed"
    found = seen if kind == "json" else seen.filter(list=name)
    if listed_only and kind != "json":
        found = found.filter(listed=True)
    title, count = list_title(edition_of(run), name), found.count()
    words = [place or run_head(run).territory, _("школы из перечня") if listed_only else _("все школы")]

    def taken(stamp: Stamp) -> Taken:
        return Taken(run, name, title, found, count, stamp, "; ".join(words), run_head(run).changed)

    if kind in ("pdf", "docx"):
        checked(taken(Stamp("", "", timezone.now(), "")))
    stamp = export_list(run, title, kind, count, request.user, today)
    narrowed = bool(filters.region or filters.municipality)
    return _file(request, taken(stamp), kind, whole=far.holds_region(run.territory_id) and not narrowed)


def _file(request: SignedIn, taken: Taken, kind: str, *, whole: bool) -> HttpResponseBase:
    name = _("Перечень {number}").format(number=taken.run.pk) + f".{kind}"
    if kind == "xlsx":
        return streamed(request, as_xlsx(taken), name, XLSX)
    if kind == "json":
        return streamed(request, as_json(taken, whole=whole), name, "application/json")
    content, of = (as_pdf(taken), "application/pdf") if kind == "pdf" else (as_docx(taken), DOCX)
    return streamed(request, _once(content), name, of)


def _once(content: bytes) -> Iterator[bytes]:
    yield content
