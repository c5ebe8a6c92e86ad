"""The runs that have been made, and the page of one of them."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.audit.log import Asked, LogPage
from opora.audit.queries import events_of, log_page, unrecorded_of
from opora.identification.access import visible_runs
from opora.identification.life import amendment_rows, objection_rows, steps_of
from opora.identification.models import Objection, Run
from opora.identification.pages import RunPage, RunRow, RunsPage, Tool
from opora.identification.queries import HEAVY, address, list_names, run_head
from opora.identification.states import SHOWN
from opora.identification.totals import NOTHING, totals
from opora.identification.wording import edition_of
from opora.language import _
from opora.registry.access import has_deed, reach
from opora.registry.viewers import ViewersPage, over_region, viewers_page, within_region
from opora.ui.components import Crumb


def run_page(viewer: User, today: date, run: Run, may_publish: bool) -> RunPage:
    """Answer the page of one run: its lists, its notes, how far it has come, and what may be done next."""
    edition = edition_of(run)
    counted = {name: total for (_run, name), total in totals(reach(viewer, today), [run.pk]).items()}
    listed = {name: total.listed for name, total in counted.items()}
    every = counted.get("", NOTHING)
    objections = objection_rows(viewer, today, run)
    return RunPage(
        run=run_head(run),
        lists=list_names(run, "", listed, lambda name: address("identification:list", run=run.pk, list=name)),
        schools=every.schools,
        listed=every.listed,
        notes=tuple(run.options.get("notes", ())),
        known=tuple(str(one) for one in edition.known),
        unknown=tuple(str(one) for one in edition.unknown),
        edition_digest=run.edition_digest,
        content=run.content,
        result=run.result,
        command=f"./opora replay {run.pk}",
        steps=steps_of(run),
        next=str(run.state) if may_publish and run.state != Run.State.PUBLISHED else "",
        waiting=sum(row.state == Objection.State.WAITING for row in objections),
        objections=objections,
        amendments=amendment_rows(viewer, today, run),
        order_href=reverse("identification:run_order", args=(run.pk,)) if run.order_digest else None,
        export_href=address("identification:export", run.pk)
        if has_deed(viewer, "see_lists", today)
        else None,
        tools=tuple(_tools(viewer, today, run)),
        viewers_href=(
            reverse("identification:run_viewers", args=(run.pk,))
            if reach(viewer, today, "see_viewers").holds_region(run.territory_id)
            else None
        ),
    )


def _tools(viewer: User, today: date, run: Run) -> Iterator[Tool]:
    """Answer the pages that look deeper into a list, those that the viewer may open."""
    if has_deed(viewer, "see_lists", today):
        note = _("рядом с другим перечнем или годом")
        yield Tool(_("Кто вошёл, кто вышел"), note, address("identification:compare", run.pk))
    if reach(viewer, today, "try_lists").holds_region(run.territory_id):
        note = _("другие пороги: кто войдёт, кто выйдет, сколько нужно кураторов")
        yield Tool(_("Что, если"), note, address("identification:what_if", run.pk))
    if has_deed(viewer, "see_context", today):
        note = _("где труднее и кто справляется лучше ожидаемого")
        yield Tool(_("Контекст и результаты"), note, address("identification:context", run.pk))
    if has_deed(viewer, "see_signs", today):
        note = _("чьи результаты стоит рассмотреть внимательнее")
        yield Tool(_("Признаки необъективности"), note, address("identification:signs", run.pk))
    if reach(viewer, today, "try_lists").holds_region(run.territory_id):
        note = _("школы, которые вместе представляют весь перечень")
        yield Tool(_("Отбор участников"), note, address("identification:choices", run.pk))


def viewers_of_run(today: date, run: Run, number: int) -> ViewersPage:
    """Answer who sees a list: everybody within its territory; a draft, those who make lists of it; what
    is being agreed, those who are asked.
    """
    crumbs = (
        Crumb(_("Все перечни"), reverse("identification:runs")),
        Crumb(run.title, reverse("identification:run", args=(run.pk,))),
        Crumb(_("Кто это видит?")),
    )
    if run.state == Run.State.DRAFT:
        return viewers_page(today, run.title, crumbs, over_region(run.territory_id), "see_drafts", number)
    if run.state in SHOWN:
        return viewers_page(today, run.title, crumbs, within_region(run.territory_id), "see_review", number)
    return viewers_page(today, run.title, crumbs, within_region(run.territory_id), "see_school", number)


def runs_page(viewer: User, today: date) -> RunsPage:
    """Answer the runs that the viewer may open, the newest first."""
    runs = list(visible_runs(viewer, today).select_related("territory", "by").defer(*HEAVY)[:100])
    counted = totals(reach(viewer, today), [run.pk for run in runs])
    every = [(run, counted.get((run.pk, ""), NOTHING)) for run in runs]
    return RunsPage(
        runs=tuple(RunRow(run_head(run), total.schools, total.listed) for run, total in every),
        may_start=has_deed(viewer, "start_run", today),
    )


def log_of_run(run: Run, asked: Asked) -> LogPage:
    """Answer the log of a run: how it was made, and by which order it became a list."""
    return log_page(
        events_of("identification.run", run.pk),
        asked,
        title=_("Журнал перечня"),
        lead=_("{name}: кто, когда и в какой роли что сделал.").format(name=run.title),
        crumbs=(
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(run.title, reverse("identification:run", args=(run.pk,))),
            Crumb(_("Журнал")),
        ),
        own=("identification.run", str(run.pk)),
        unrecorded=unrecorded_of("identification.run", run.pk),
    )
