"""A thousand random histories of schools: on any day the totals stay the same, however they were recorded.

A naive model of the test lives the same history day by day, with sets and loops and nothing of the program.
"""

from datetime import date, timedelta
from random import Random

import pytest

from opora.registry.history.carrying import Figure, as_they_are
from opora.registry.history.changes import Beginning, Change, Kind
from opora.registry.history.chronicle import Chronicle, DependsOn
from opora.registry.history.states import Impossible

HISTORIES = 1_000
DAY = date(2015, 9, 1)
OLD, NEW = range(1, 7), range(101, 107)  # schools that were always there, and rows for those to come


class Life:
    """What is true on the last day that was lived: who exists, whose branch, under what name, where."""

    def __init__(self, register, changes=()):
        born = {
            one for change in changes for one in (*change.begins, change.kind is Kind.OPEN and change.school)
        }
        self.exists = set(register) - born
        self.closed, self.reformed = set(), False
        self.main, self.municipality = (
            {},
            {one: told.values["municipality"] for one, told in register.items()},
        )
        self.name = {school: f"Школа {school}" for school in (*OLD, *NEW)}

    def branches(self, school):
        return {one for one, main in self.main.items() if main == school}

    def live(self, change):
        """Live one change; the changes come in the order of their days."""
        born = change.begins or ((change.school,) if change.kind is Kind.OPEN else ())
        self.exists |= set(born)
        if change.kind is Kind.BRANCH:
            self.main |= dict.fromkeys(
                (*change.begins, *([change.school] if change.school else [])), change.main
            )
        if change.kind is Kind.INDEPENDENT:
            self.main.pop(change.school)
        if change.kind is Kind.MERGE:
            into = change.school or change.begins[0]
            for old in change.ends:
                self.main |= dict.fromkeys(self.branches(old), self.main.get(into, into))
        for gone in change.ends or ((change.school,) if change.kind is Kind.CLOSE else ()):
            self.exists.discard(gone)
            self.main.pop(gone, None)
        if change.kind is Kind.CLOSE:
            self.closed.add(change.school)
        if change.kind is Kind.REOPEN:
            self.exists.add(change.school)
            self.closed.discard(change.school)
        if change.kind is Kind.RENAME:
            self.name[change.school] = change.after
        if change.kind is Kind.MOVE:
            self.municipality[change.school] = change.after
        self.municipality |= dict.fromkeys(change.moved, change.after)
        self.reformed |= change.kind is Kind.REFORM

    def holder(self, holder, change):
        """Answer who holds the figures of a holder after a change; ``self`` is the day before it."""
        if change.kind is Kind.MERGE and holder in change.ends:
            return change.school or change.begins[0]
        if change.kind is Kind.CLOSE and holder == change.school:
            return self.main.get(holder, holder)
        return holder


class Fate:
    """Draws a history that can be."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.unborn = list(NEW)
        self.register = {one: Beginning({"name": f"Школа {one}", "municipality": "М"}) for one in OLD}
        self.life = Life(self.register)
        self.changes = []
        day = DAY
        for number in range(1, self.random.randint(5, 12)):
            day += timedelta(days=self.random.randint(1, 400))
            if change := self.drawn(number, day):
                self.life.live(change)
                self.changes.append(change)
        self.last = day

    def born(self, count):
        """Take rows for new schools; they lie where schools lie on the day of their birth."""
        taken, self.unborn = self.unborn[:count], self.unborn[count:]
        place = "П" if self.life.reformed else "М"
        for one in taken:
            self.register[one] = Beginning({"name": self.life.name[one], "municipality": place})
            self.life.municipality[one] = place
        return tuple(taken)

    def drawn(self, number, on):
        life, pick = self.life, self.random
        here = sorted(life.exists)
        alone = [one for one in here if not life.branches(one)]
        kind = pick.choice(list(Kind))
        if len(here) < 4 and kind is not Kind.REOPEN:
            kind = Kind.SPLIT
        one = pick.choice(here)
        if kind is Kind.OPEN and self.unborn:
            return Change(number, kind, on, self.born(1)[0])
        if kind is Kind.REOPEN and life.closed:
            return Change(number, kind, on, pick.choice(sorted(life.closed)))
        if kind is Kind.INDEPENDENT and life.main:
            return Change(number, kind, on, pick.choice(sorted(life.main)))
        if kind is Kind.RENAME:
            return Change(number, kind, on, one, before=life.name[one], after=f"Имя {number}")
        if kind is Kind.MOVE and not life.reformed:
            before = life.municipality[one]
            return Change(number, kind, on, one, before=before, after="О" if before == "М" else "М")
        if kind is Kind.REFORM and not life.reformed:
            moved = tuple(school for school in here if life.municipality[school] == "М")
            return Change(number, kind, on, moved=moved, before="М", after="П") if moved else None
        if kind is Kind.BRANCH:
            mains = [school for school in here if school not in life.main]
            may = [school for school in alone if school not in life.main]
            main = pick.choice(mains)
            if self.unborn and pick.random() < 0.5:
                return Change(number, kind, on, begins=self.born(1), main=main)
            may = [school for school in may if school != main]
            return Change(number, kind, on, pick.choice(may), main=main) if may else None
        if kind is Kind.MERGE:
            return self.merge(number, on, here)
        if kind is Kind.SPLIT and len(self.unborn) >= 2:
            return self.split(number, on, one, alone)
        if kind is Kind.CLOSE and alone:
            return Change(number, kind, on, pick.choice(alone))
        return None

    def merge(self, number, on, here):
        parts = self.random.sample(here, self.random.randint(2, 3))
        if self.unborn and self.random.random() < 0.4:
            return Change(number, Kind.MERGE, on, ends=tuple(parts), begins=self.born(1))
        into, *ends = parts
        if self.life.main.get(into) in ends:
            return None
        return Change(number, Kind.MERGE, on, into, ends=tuple(ends))

    def split(self, number, on, one, alone):
        pick = self.random
        shares = pick.random() < 0.4
        if alone and pick.random() < 0.5:
            old = pick.choice(alone)
            heirs = self.born(2)
            told = tuple((heir, pick.randint(1, 300)) for heir in heirs) if shares else ()
            return Change(number, Kind.SPLIT, on, ends=(old,), begins=heirs, shares=told)
        (heir,) = self.born(1)
        told = ((one, pick.randint(0, 300)), (heir, pick.randint(1, 300))) if shares else ()
        return Change(number, Kind.SPLIT, on, one, begins=(heir,), shares=told)

    def days(self):
        """Answer some days: before everything, around changes, after everything."""
        around = [change.on - timedelta(days=self.random.randint(0, 1)) for change in self.changes]
        return sorted({DAY, self.last, *self.random.sample(around, min(3, len(around)))})


def lived(register, changes, until):
    """Live the changes up to a day."""
    life = Life(register, changes)
    for change in changes:
        if change.on <= until:
            life.live(change)
    return life


def recorded(register, changes, random):
    """Record changes in a random order: what cannot be yet is tried again after another.

    A closing and a coming back before something that is recorded already wait for each other: as a person
    would, the later ones are taken back and recorded again.
    """
    chronicle, waiting = Chronicle(register, []), random.sample(changes, len(changes))
    while waiting:
        refused = []
        for change in waiting:
            try:
                chronicle = chronicle.with_change(change)
            except Impossible:
                refused.append(change)
        if len(refused) == len(waiting):
            first = min(refused, key=lambda change: change.place)
            later = [change for change in chronicle.changes if change.place > first.place]
            assert later, refused
            for change in reversed(later):
                chronicle = chronicle.without(change)
            refused = sorted([*refused, *later], key=lambda change: change.place)
        waiting = refused
    return chronicle


def existing(chronicle, day):
    return {school for school, one in chronicle.on(day).items() if one.exists}


def measured(schools, random):
    """Count the pupils of every school of a day: takers are those with a low result and the rest."""
    return [
        Figure(one, 0, {"low": random.randint(0, 40), "rest": random.randint(0, 90)})
        for one in sorted(schools)
    ]


def total(figures):
    low = sum(one.counts["low"] for one in figures)
    return low + sum(one.counts["rest"] for one in figures), low


def check(chronicle, changes, fate):
    """Compare the program with the naive life on some days, and totals of each with those of later ones."""
    days = fate.days()
    for since in days:
        truth = lived(fate.register, changes, since)
        assert existing(chronicle, since) == truth.exists
        standing = chronicle.on(since)
        assert all(standing[one].main == truth.main.get(one) for one in truth.exists)
        assert all(standing[one].values["name"] == truth.name[one] for one in truth.exists)
        assert all(standing[one].municipality == truth.municipality[one] for one in truth.exists)
        were = measured(truth.exists, fate.random)
        for until in (day for day in days if day >= since):
            compare(chronicle, fate.register, changes, were, since, until)


def compare(chronicle, register, changes, were, since, until):
    """The same pupils, each once: at a school that exists on the later day, or told as not carried over."""
    found = as_they_are(were, chronicle, since, until)
    lost = [figure for figure, _why in found.lost]
    assert total([*found.figures, *lost]) == total(were)
    assert len({one.school for one in found.figures}) == len(found.figures)
    assert {one.school for one in found.figures} <= lived(register, changes, until).exists
    assert all(min(one.counts.values()) >= 0 for one in found.figures)
    if not any(change.shares for change in changes):
        assert {one.school: total([one]) for one in found.figures} == naively(
            register, changes, were, since, until
        )


def naively(register, changes, were, since, until):
    """Carry figures over with a dictionary of holders, a change at a time."""
    life = lived(register, changes, since)
    holder = {figure.school: figure.school for figure in were}
    for change in changes:
        if since < change.on <= until:
            holder = {school: life.holder(held, change) for school, held in holder.items()}
            life.live(change)
    sums = {}
    for figure in were:
        held = holder[figure.school]
        if held in life.exists:
            takers, low = sums.get(held, (0, 0))
            sums[held] = (takers + total([figure])[0], low + total([figure])[1])
    return sums


@pytest.mark.parametrize("part", range(10))
def test_totals_of_any_day_stay_the_same_in_a_thousand_histories(part):
    """Записано вразнобой, отменено что попало: суммы «как были» и «как есть» не меняются ни в один день."""
    kinds = set()
    for seed in range(part * HISTORIES // 10, (part + 1) * HISTORIES // 10):
        fate = Fate(seed)
        kinds |= {change.kind for change in fate.changes}
        chronicle = recorded(fate.register, fate.changes, fate.random)
        check(chronicle, fate.changes, fate)
        undone, left = some_taken_back(chronicle, fate)
        check(undone, left, fate)
    assert kinds >= {kind for kind in Kind if not kind.endswith(("login", "code", "inn", "founder"))}


def some_taken_back(chronicle, fate):
    """Take changes back at random; one that a later one rests on names it and stays."""
    for change in fate.random.sample(fate.changes, min(4, len(fate.changes))):
        try:
            chronicle = chronicle.without(change)
        except DependsOn as refused:
            assert refused.other in chronicle.changes
            assert refused.other.place > change.place
    return chronicle, list(chronicle.changes)


def test_from_the_last_to_the_first_every_change_can_be_taken_back():
    """С конца отменяется всё, и остаётся реестр, каким он был до истории."""
    for seed in range(200):
        fate = Fate(seed)
        chronicle = recorded(fate.register, fate.changes, fate.random)
        for change in reversed(chronicle.changes):
            chronicle = chronicle.without(change)
        assert chronicle.changes == ()
        names = {school: one.values["name"] for school, one in chronicle.on(DAY).items()}
        assert all(names[school] == f"Школа {school}" for school in OLD)
