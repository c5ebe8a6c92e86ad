"""Says what happened to one school in a recorded change: a title, its ties, what became of its figures."""

from dataclasses import dataclass

from opora.language import _
from opora.registry.change_model import SchoolChange
from opora.registry.history.changes import Kind


@dataclass(frozen=True)
class Told:
    """A change from the side of one school; ``ties`` are pairs of a word and the number of another school."""

    title: str
    figures: str = ""
    ties: tuple[tuple[str, int], ...] = ()


def told_of(row: SchoolChange, school: int) -> Told:
    """Answer what a change means for a school."""
    kind = Kind(row.kind)
    if kind == Kind.MERGE:
        return _merge(row, school)
    if kind == Kind.SPLIT:
        return _split(row, school)
    if kind == Kind.BRANCH:
        return _branch(row, school)
    return Told(_plain(row, kind), _figures(row, kind))


def _merge(row: SchoolChange, school: int) -> Told:
    into = row.school_id or row.begins[0]
    if school in row.ends:
        title = _("Школа вошла в другую")
        figures = _("Результаты прежних лет складываются с результатами школы, в которую она вошла.")
        return Told(title, figures, ((_("вошла в"), into),))
    others = tuple((_("вошла"), other) for other in row.ends)
    title = _("Школа создана слиянием других") if row.begins else _("К школе присоединены другие")
    return Told(title, _("К её результатам прибавляются прежние результаты вошедших школ."), others)


def _split(row: SchoolChange, school: int) -> Told:
    olds = [row.school_id] if row.school_id else row.ends
    if school in row.begins:
        title = _("Школа выделена из другой") if row.school_id else _("Школа создана при разделении другой")
        kept = _("Прежние результаты разделены по долям из приказа.") if row.shares else _by_default(row)
        return Told(title, kept, tuple((_("из школы"), old) for old in olds))
    title = _("Из школы выделена новая") if row.school_id else _("Школа разделена на новые")
    kept = _("Прежние результаты разделены по долям из приказа.") if row.shares else _by_default(row)
    return Told(title, kept, tuple((_("новая"), new) for new in row.begins))


def _by_default(row: SchoolChange) -> str:
    if row.school_id:
        return _("Прежние результаты остались за школой, которая продолжает работать.")
    return _("Прежние результаты не переносятся: чьи это были ученики, из чисел не видно.")


def _branch(row: SchoolChange, school: int) -> Told:
    own = _("Результаты у филиала по-прежнему свои.")
    if school == row.main_id:
        branches = row.begins or [row.school_id]
        return Told(_("У школы появился филиал"), own, tuple((_("филиал"), one) for one in branches if one))
    title = _("Филиал открыт") if row.begins else _("Школа стала филиалом")
    return Told(title, own, ((_("филиал школы"), row.main_id or 0),))


def _plain(row: SchoolChange, kind: Kind) -> str:
    before, after = row.short_before or row.before or "—", row.short_after or row.after or "—"
    if kind in (Kind.MOVE, Kind.REFORM):
        before, after = str(row.municipality_before), str(row.municipality_after)
    sentences = {
        Kind.RENAME: _("Переименована: «{before}» → «{after}»"),
        Kind.FOUNDER: _("Учредитель: {before} → {after}"),
        Kind.MOVE: _("Перешла в другой муниципалитет: {before} → {after}"),
        Kind.REFORM: _("Муниципалитет стал другим: {before} → {after}"),
        Kind.VPR_LOGIN: _("Логин ВПР: {before} → {after}"),
        Kind.RIS_CODE: _("Код в РИС ГИА: {before} → {after}"),
        Kind.INN: _("ИНН: {before} → {after}"),
        Kind.OPEN: _("Школа открыта"),
        Kind.CLOSE: _("Школа закрыта"),
        Kind.REOPEN: _("Школа вновь работает"),
        Kind.INDEPENDENT: _("Филиал стал самостоятельной школой"),
    }
    return sentences[kind].format(before=before, after=after)


def _figures(row: SchoolChange, kind: Kind) -> str:
    if kind == Kind.CLOSE:
        return _("Её результаты не переносятся ни к кому; результаты филиала остаются за его школой.")
    if kind == Kind.REOPEN:
        return _("Результаты прежних лет снова её.")
    return ""
