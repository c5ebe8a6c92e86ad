"""«Почему школа в перечне»: the verdicts on one school and everything that they rest on."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Func, JSONField
from django.urls import reverse

from opora.accounts.models import User
from opora.identification import wording
from opora.identification.access import visible_runs
from opora.identification.context.card import context_card
from opora.identification.life import amend_href, amendment_rows, object_href, objection_rows
from opora.identification.models import Evidence, Run, Verdict
from opora.identification.pages import EvidenceRow, ListVerdict, PastVerdict, SchoolPage
from opora.identification.queries import region_name, run_head
from opora.identification.signs.card import signs_card
from opora.identification.tables import EVIDENCE
from opora.identification.ways import ways_of
from opora.language import _
from opora.methodology.edition import Edition
from opora.registry.access import reach
from opora.registry.history.queries import life_of
from opora.registry.models import School
from opora.registry.viewers import ViewersPage, of_school, viewers_page
from opora.results.words import evidence_name
from opora.ui.components import Crumb
from opora.ui.numbers import day, number
from opora.ui.pictures.intervals import DotPlot, Row


class SourceNames(Func):
    """The names of the files behind a school's evidence, by their places among the run's sources."""

    function = "opora_source_names"
    output_field = JSONField()


def school_page(viewer: User, today: date, school: School, wanted_run: int | None = None) -> SchoolPage:
    """Answer a school's page; ``school`` is one that the viewer may see, with its place read."""
    runs = {run.pk: run for run in visible_runs(viewer, today).defer("options", "edition_text")}
    verdicts = list(Verdict.objects.filter(school=school, run__in=runs).order_by("run", "list"))
    with_school = [pk for pk in runs if any(verdict.run_id == pk for verdict in verdicts)]
    chosen = wanted_run if wanted_run in with_school else next(iter(with_school), None)
    run = Run.objects.select_related("territory", "by").get(pk=chosen) if chosen else None
    edition = wording.edition_of(run) if run else None
    return SchoolPage(
        school=school.pk,
        name=school.name,
        short_name=str(school),
        facts=_facts(school),
        crumbs=_crumbs(viewer, today, school),
        run=run_head(run) if run else None,
        verdicts=_verdicts((viewer, today), run, edition, school, verdicts) if run and edition else (),
        edition_source=_source(edition) if edition else "",
        edition_known=tuple(str(one) for one in edition.known) if edition else (),
        edition_unknown=tuple(str(one) for one in edition.unknown) if edition else (),
        legal_note=wording.legal_note(),
        history=_history(runs, verdicts, school, chosen),
        objections=objection_rows(viewer, today, run, school) if run else (),
        amendments=amendment_rows(viewer, today, run, school) if run else (),
        life=life_of(viewer, today, school),
        viewers_href=(
            reverse("identification:school_viewers", args=(school.pk,))
            if reach(viewer, today, "see_viewers").holds(school)
            else None
        ),
        signs=signs_card(run, school) if run else None,
        context=context_card(viewer, today, run, school) if run else None,
    )


def viewers_of_school(viewer: User, today: date, school: School, number: int) -> ViewersPage:
    """Answer who sees a school: those of the school itself and of every place around it."""
    crumbs = _crumbs(viewer, today, school)
    here = Crumb(str(school), reverse("identification:school", args=(school.pk,)))
    way = (*crumbs[:-1], here, Crumb(_("Кто это видит?")))
    return viewers_page(today, str(school), way, of_school(school), "see_school", number)


def _verdicts(
    who: tuple[User, date], run: Run, edition: Edition, school: School, verdicts: list[Verdict]
) -> tuple[ListVerdict, ...]:
    kept = Evidence.objects.filter(run=run, school=school).annotate(names=SourceNames("run", "school"))
    evidence, names = {}, {}
    for name, rows, files in kept.values_list("list", "rows", "names"):
        evidence[name] = [dict(zip(EVIDENCE, row, strict=True)) for row in rows]
        names = files
    order = {name: place for place, name in enumerate(run.lists)}
    mine = sorted((one for one in verdicts if one.run_id == run.pk), key=lambda one: order.get(one.list, 0))
    told = [_verdict(edition, one, evidence.get(one.list, []), names) for one in mine]
    return tuple(
        replace(
            one,
            ways=ways_of(run, edition, verdict, evidence.get(verdict.list, [])),
            object_href=object_href(*who, verdict, run, school),
            amend_href=amend_href(*who, verdict, run, school),
        )
        for one, verdict in zip(told, mine, strict=True)
    )


def _verdict(edition: Edition, verdict: Verdict, rows: list[dict], names: dict[str, str]) -> ListVerdict:
    excluded = wording.exclusion_label(verdict.excluded, edition)
    told = tuple(_evidence_row(edition, row, names) for row in rows)
    return ListVerdict(
        list=verdict.list,
        title=wording.list_title(edition, verdict.list),
        listed=verdict.listed,
        amended=verdict.listed != verdict.by_rule,
        sentence=wording.said_of(verdict, edition),
        branch=wording.branch_label(edition, verdict.list, verdict.branch),
        excluded=excluded,
        failed=verdict.failed,
        counted=verdict.counted,
        stability=verdict.stability,
        unstable=verdict.unstable,
        stability_sentence=wording.stability_sentence(verdict.stability, verdict.unstable, _takers(told)),
        evidence=told,
        picture=_picture(told),
        ways=None,
        object_href=None,
        amend_href=None,
    )


def _takers(rows: tuple[EvidenceRow, ...]) -> list[int]:
    """Answer how many took part in the results that decided, or in all that count where none did."""
    counted = [row for row in rows if row.takers and not row.excluded]
    return [row.takers or 0 for row in counted if row.deciding] or [row.takers or 0 for row in counted]


def _evidence_row(edition: Edition, row: dict[str, Any], names: dict[str, str]) -> EvidenceRow:
    return EvidenceRow(
        label=evidence_name(row),
        year=row["year"],
        assessment=row["assessment"] or "",
        subject=row["subject"] or "",
        grade=row["grade"],
        takers=row["takers"],
        low=row["low"],
        share=row["share"],
        interval=_between(row["low_bound"], row["high_bound"]),
        likely=_between(row["likely_low"], row["likely_high"]),
        threshold=row["threshold"],
        threshold_label=wording.threshold_label(row),
        value_label=wording.value_label(row),
        failed=bool(row["failed"]),
        deciding=bool(row["deciding"]),
        excluded=wording.exclusion_label(row["excluded"] or "", edition),
        source=names.get(str(row["source"]), ""),
    )


def _between(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _picture(rows: tuple[EvidenceRow, ...]) -> DotPlot:
    """Draw the shares against their threshold; one threshold is named once, others beside their rows."""
    shares = [row for row in rows if row.share is not None]
    thresholds = [row.threshold for row in shares if row.threshold is not None]
    common = max(set(thresholds), key=thresholds.count) if thresholds else None
    label = next((row.threshold_label for row in shares if row.threshold == common), "")
    return DotPlot(
        title=_("Доля участников с низким результатом и её интервал"),
        rows=[
            Row(
                label=row.label,
                share=row.share,
                low_bound=row.interval[0] if row.interval else None,
                high_bound=row.interval[1] if row.interval else None,
                takers=row.takers,
                low=row.low,
                is_failed=row.failed,
                excluded=row.excluded,
                threshold=row.threshold if row.threshold != common else None,
            )
            for row in shares
        ],
        threshold=common,
        threshold_name=_("порог: {label}").format(label=label) if label else "",
    )


def _facts(school: School) -> tuple[tuple[str, str], ...]:
    """Say what the registry knows of a school, leaving out what it does not."""
    place = " ".join(part for part in (school.get_settlement_kind_display(), school.settlement_name) if part)
    facts = (
        (_("Полное название"), school.name),
        (_("Вид"), school.get_kind_display()),
        (_("Муниципалитет"), school.municipality.name),
        (_("Населённый пункт"), place),
        (_("Классы"), school.get_levels_display()),
        (_("Учеников"), number(school.pupils) if school.pupils is not None else ""),
        (_("Логин ВПР"), school.vpr_login),
        (_("Код в РИС ГИА"), school.ris_code),
        (_("ИНН"), school.inn),
        (_("Учредитель"), school.founder),
        (_("Филиал школы"), str(school.main) if school.main else ""),
        (_("Закрыта"), day(school.closed_on) if school.closed_on else ""),
    )
    return tuple((label, str(value)) for label, value in facts if value)


def _crumbs(viewer: User, today: date, school: School) -> tuple[Crumb, ...]:
    """Answer the way to the school; only places that the viewer may open have addresses."""
    far = reach(viewer, today, "see_lists")
    region, place = school.region, school.municipality
    in_region = far.holds_region(region.pk) or place.pk in far.municipalities
    territory = reverse("identification:territory", args=(region.pk,))
    filtered = f"{reverse('identification:list')}?region={region.pk}&municipality={place.pk}"
    return (
        Crumb(_("Россия"), reverse("identification:home") if far.country else None),
        Crumb(region_name(region), territory if in_region else None),
        Crumb(place.name, filtered if in_region else None),
        Crumb(str(school)),
    )


def _history(
    runs: dict[int, Run], verdicts: list[Verdict], school: School, chosen: int | None
) -> tuple[PastVerdict, ...]:
    """Answer the school's place in every run that the viewer may see, the newest first."""
    address = reverse("identification:school", args=(school.pk,))
    told = []
    for pk, run in runs.items():
        mine = [verdict for verdict in verdicts if verdict.run_id == pk]
        if mine:
            years = ", ".join(str(year) for year in run.years)
            listed = any(verdict.listed for verdict in mine)
            told.append(PastVerdict(run.title, years, listed, f"{address}?run={pk}", pk == chosen))
    return tuple(told)


def _source(edition: Edition) -> str:
    """Say the document that an edition rests on."""
    source = edition.sources.get(edition.source)
    title = str(getattr(source, "title", "")) if source else edition.source
    return ", ".join(part for part in (title, edition.clause) if part)
