"""What a table of people would change: appointments to make, those that stand already, and contradictions."""

from dataclasses import dataclass
from datetime import date

from opora.accounts.models import User
from opora.language import _
from opora.people.people_table import HEADINGS, PersonRow
from opora.people.places import FoundPlace, Places, WrongPlace
from opora.registry.appointing import may_appoint
from opora.registry.models import Appointment
from opora.registry.roles import Role
from opora.registry.school_table import RowProblem
from opora.ui.numbers import day as said_day

Key = tuple[str, str, str | None, int | None, int | None, str]  # address, role, place, subject


@dataclass(frozen=True)
class Planned:
    """One appointment that a row asks for."""

    row: PersonRow
    place: FoundPlace
    since: date
    until: date | None
    stands: bool = False  # it is there already: nothing to do

    @property
    def key(self) -> Key:
        """Answer what no two appointments of the same days share."""
        return key_of(self.row.text("email"), self.row.text("role"), self.place, self.row.text("subject"))

    def overlaps(self, since: date, until: date | None) -> bool:
        """Say whether it shares a day with a period."""
        return since <= (self.until or date.max) and self.since <= (until or date.max)


def key_of(email: str, role: str, place: FoundPlace, subject: str) -> Key:
    """Answer the key of an appointment by its parts."""
    region, municipality, school = place.region, place.municipality, place.school
    return (
        email,
        role,
        region.pk if region else None,
        municipality.pk if municipality else None,
        school.pk if school else None,
        subject,
    )


class Plan:
    """Rows beside the appointments as they stand; reads them in a few queries however long the table is."""

    def __init__(self, rows: list[PersonRow], by: User, today: date, region: str = "") -> None:
        self.problems: list[RowProblem] = []
        self.planned: list[Planned] = []
        self._by, self._today, self._region = by, today, region
        towns = {row.text("municipality") for row in rows}
        self._places = Places(towns, {row.text("school") for row in rows}, by, today)
        self._read([row.text("email") for row in rows])
        for row in rows:
            if row.text("email") and row.text("role") and row.text("full_name"):
                self._add(row)
        self._refuse_second_directors()

    def _read(self, emails: list[str]) -> None:
        found = Appointment.objects.filter(person__email__in=emails).select_related(
            "person", "region", "municipality", "school"
        )
        self._standing: dict[Key, list[Appointment]] = {}
        for one in found:
            place = FoundPlace(one.region, one.municipality, one.school)
            self._standing.setdefault(key_of(one.person.email, one.role, place, one.subject), []).append(one)
        self._rows: dict[Key, Planned] = {}
        self._names: dict[str, str] = {}

    def _tell(self, row: PersonRow, name: str, what: str, allowed: str) -> None:
        self.problems.append(RowProblem(row.row, row.written.get(name, HEADINGS[name][0]), what, allowed))

    def _add(self, row: PersonRow) -> None:
        """Plan one row, or say why not."""
        role = row.text("role")
        try:
            place = self._places.find(
                role, row.text("region") or self._region, row.text("municipality"), row.text("school")
            )
        except WrongPlace as wrong:
            return self._tell(row, wrong.column, wrong.what, wrong.allowed)
        if not may_appoint(self._by, role, place.whose, self._today):
            allowed = _("Назначайте на роли и в местах, которые вам поручены")
            return self._tell(row, "role", _("На эту роль здесь назначаете не вы"), allowed)
        name = self._names.setdefault(row.text("email"), row.text("full_name"))
        if name != row.text("full_name"):
            what = _("У этого адреса в таблице другое имя: {name}").format(name=name)
            return self._tell(row, "full_name", what, _("Один адрес — один человек"))
        planned = Planned(row, place, row.told.get("since") or self._today, row.told.get("until"))
        return self._keep(planned)

    def _keep(self, planned: Planned) -> None:
        row, before = planned.row, self._rows.get(planned.key)
        if before is not None and before.overlaps(planned.since, planned.until):
            what = _("Такое назначение уже есть в строке {row}").format(row=before.row.row)
            return self._tell(row, "email", what, _("Одно назначение — одна строка"))
        for one in self._standing.get(planned.key, []):
            if self._is_same(one, row):
                planned = Planned(row, planned.place, one.since, one.until, stands=True)
                break
            if planned.overlaps(one.since, one.until):
                period = _("Человек уже назначен сюда на эту роль с {day}").format(day=said_day(one.since))
                allowed = _("Укажите те же дни или завершите назначение на странице человека")
                return self._tell(row, "since", period, allowed)
        self._rows[planned.key] = planned
        return self.planned.append(planned)

    def _is_same(self, one: Appointment, row: PersonRow) -> bool:
        """Say whether a row means one that stands: the same days, or in force where none are told."""
        if "since" not in row.told:
            in_force = one.since <= self._today and (one.until is None or one.until >= self._today)
            return in_force and row.told.get("until") in (None, one.until)
        return (one.since, one.until) == (row.told["since"], row.told.get("until"))

    def _refuse_second_directors(self) -> None:
        fresh = [one for one in self.planned if one.row.text("role") == Role.DIRECTOR and not one.stands]
        schools = [one.place.school.pk for one in fresh if one.place.school]
        held: dict[int, list[tuple[date, date | None]]] = {}
        for school, since, until in Appointment.objects.filter(
            role=Role.DIRECTOR, school__in=schools
        ).values_list("school", "since", "until"):
            if school is not None:
                held.setdefault(school, []).append((since, until))
        for one in fresh:
            school_pk = one.place.school.pk if one.place.school else 0
            if any(one.overlaps(*period) for period in held.get(school_pk, [])):
                what = _("У школы в эти дни уже есть директор")
                self._tell(one.row, "school", what, _("Завершите его назначение или исправьте дни"))
            held.setdefault(school_pk, []).append((one.since, one.until))
