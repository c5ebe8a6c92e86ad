"""Finds what a table of schools means in the registry: new schools, changed ones, contradictions."""

from collections.abc import Iterable

from opora.language import _
from opora.registry.access import Reach
from opora.registry.change_model import SchoolChange
from opora.registry.governed import governed_fields
from opora.registry.models import Municipality, Region, School
from opora.registry.school_table import RowProblem, SchoolRow

Key = tuple[str, ...]


class Matching:
    """Rows beside the registry as it stands; reads it in three queries however long the table is."""

    def __init__(self, entries: list[SchoolRow], region: Region | None, far: Reach) -> None:
        self.problems: list[RowProblem] = []
        self._entries = entries
        self._place(region, far)
        codes = {entry.region for entry in entries}
        self._municipalities = {
            (one.region_id, _folded(one.name)): one for one in Municipality.objects.filter(region__in=codes)
        }
        self._schools: dict[Key, School] = {}
        for school in School.objects.filter(region__in=codes).select_related("municipality"):
            for key in _keys(school):
                self._schools[key] = school
        self._take_history(codes)
        self.new_municipalities: list[Municipality] = []
        self.changed_municipalities: list[Municipality] = []
        self._find_municipalities()
        self._found: list[School | None] = [self._school(entry) for entry in entries]
        self._refuse_twins()
        self._refuse_backward_days()

    @property
    def fields(self) -> list[str]:
        """The fields that the table tells of any school."""
        told = {name for entry in self._entries for name in entry.school}
        return sorted(told | {"municipality", "region"})

    def schools(self) -> tuple[list[School], list[School], int]:
        """Answer the new schools, the changed ones, and how many stay as they were."""
        added, changed, unchanged = [], [], 0
        for entry, found in zip(self._entries, self._found, strict=True):
            if not entry.school:  # a row of municipalities
                continue
            place = self._municipalities[entry.region, _folded(entry.municipality["name"])]
            told = {**entry.school, "municipality_id": place.pk, "region_id": entry.region}
            if found is not None:  # what its history says is not overwritten by a table
                kept = self._governed.get(found.pk, ())
                told = {name: value for name, value in told.items() if name not in kept}
            if found is None:
                added.append(School(**told))
            elif any(getattr(found, name) != value for name, value in told.items()):
                for name, value in told.items():
                    setattr(found, name, value)
                changed.append(found)
            else:
                unchanged += 1
        return added, changed, unchanged

    def _take_history(self, codes: set[str]) -> None:
        """Read what recorded changes say: fields that a table leaves alone, names that schools had."""
        changes = list(SchoolChange.objects.filter(region__in=codes, taken_back_at=None))
        self._governed = governed_fields(changes)
        known = {school.pk: school for school in self._schools.values()}
        for change in changes:
            school = known.get(change.school_id or 0)
            if change.kind == SchoolChange.Kind.RENAME and school is not None:
                place = _folded(school.municipality.name)
                self._schools.setdefault(("name", school.region_id, place, _folded(change.before)), school)

    def _tell(self, entry: SchoolRow, column: str, what: str, allowed: str) -> None:
        self.problems.append(RowProblem(entry.row, column, what, allowed))

    def _place(self, region: Region | None, far: Reach) -> None:
        """Find every row's region, by its number or its name, and refuse those that are not the person's."""
        known: dict[str, str] = {}
        for one in Region.objects.all():
            known |= dict.fromkeys((one.code, *one.also, _folded(one.name)), one.code)
        for entry in self._entries:
            written = entry.region or (region.code if region else "")
            entry.region = known.get(_folded(written), "")
            if not entry.region:
                allowed = _("Две цифры кода субъекта или его название; либо выберите регион на странице")
                self._tell(entry, _("регион"), _("Регион не назван или неизвестен"), allowed)
            elif not far.holds_region(entry.region):
                allowed = _("Можно загружать школы только своего региона")
                self._tell(entry, _("регион"), _("Этот регион вам не поручен"), allowed)

    def _find_municipalities(self) -> None:
        told_places: set[Key] = set()
        for entry in self._entries:
            told = entry.municipality
            if not entry.region or "name" not in told:
                continue
            key = (entry.region, _folded(told["name"]))
            found = self._municipalities.get(key)
            if not entry.school and key in told_places:
                self._tell(entry, _("муниципалитет"), _("Этот муниципалитет уже есть в таблице"), "")
            told_places.add(key)
            if found is None:
                found = Municipality(region_id=entry.region, **told)
                self._municipalities[key] = found
                self.new_municipalities.append(found)
            elif any(getattr(found, name) != value for name, value in told.items() if name != "name"):
                for name, value in told.items():
                    setattr(found, name, value)
                if found.pk and found not in self.changed_municipalities:
                    self.changed_municipalities.append(found)

    def _school(self, entry: SchoolRow) -> School | None:
        """Find the school of a row; two codes that mean two schools are an error."""
        found: list[School] = []
        for key in self._entry_keys(entry):
            school = self._schools.get(key)
            if school is not None and all(school is not other for other in found):
                found.append(school)
        if len(found) > 1 and all(entry.school.get(name) for name in ("vpr_login", "ris_code")):
            coded = [s for key in self._entry_keys(entry)[:-1] if (s := self._schools.get(key)) is not None]
            if len({id(school) for school in coded}) > 1:
                what = _("Логин ВПР и код РИС принадлежат разным школам")
                self._tell(entry, _("логин впр"), what, _("Проверьте оба кода в этой строке"))
        return found[0] if found else None

    def _entry_keys(self, entry: SchoolRow) -> list[Key]:
        """Answer the keys that a row gives its school, the surest first; the name comes last."""
        told = entry.school
        keys: list[Key] = []
        if login := told.get("vpr_login"):
            keys.append(("vpr", login))
        if code := told.get("ris_code"):
            keys.append(("ris", entry.region, code))
        name, place = _folded(told.get("name", "")), _folded(entry.municipality.get("name", ""))
        return [*keys, ("name", entry.region, place, name)]

    def _refuse_twins(self) -> None:
        """Refuse a school that stands in the table twice."""
        first: dict[Key, int] = {}
        columns = {"vpr": _("логин впр"), "ris": _("код оо"), "name": _("наименование")}
        for entry in self._entries:
            if "name" not in entry.school or not entry.region:
                continue
            for key in self._entry_keys(entry):
                row = first.setdefault(key, entry.row)
                if row != entry.row:
                    what = _("Такая школа уже есть в строке {row}").format(row=row)
                    self._tell(entry, columns[key[0]], what, _("Одна школа — одна строка"))
                    break

    def _refuse_backward_days(self) -> None:
        for entry, found in zip(self._entries, self._found, strict=True):
            opened, closed = (
                entry.school.get(name) or (getattr(found, name) if found else None)
                for name in ("opened_on", "closed_on")
            )
            if opened and closed and closed < opened:
                what = _("Школа закрыта раньше, чем открыта")
                self._tell(entry, _("дата закрытия"), what, _("День не раньше дня открытия"))


def _keys(school: School) -> Iterable[Key]:
    if school.vpr_login:
        yield "vpr", school.vpr_login
    if school.ris_code:
        yield "ris", school.region_id, school.ris_code
    yield "name", school.region_id, _folded(school.municipality.name), _folded(school.name)


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").split())
