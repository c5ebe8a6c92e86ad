"""The rules: how one change turns the schools of the day before into those of its day, or why it cannot.

``WHAT_IT_DOES`` holds a function for each kind; each refuses what cannot be in one clear sentence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from opora.language import _
from opora.registry.history.changes import CODES, Beginning, Change, Kind, Value
from opora.registry.history.wording import day, ended, named, noun, shown, told


class Impossible(ValueError):
    """A change that cannot be: ``change`` is the one, ``other`` the recorded one that it contradicts."""

    def __init__(self, sentence: str, change: Change, other: Change | None = None):
        self.sentence, self.change, self.other = sentence, change, other
        super().__init__(sentence)


@dataclass(frozen=True)
class Standing:
    """A school as it stands on a day."""

    exists: bool
    values: Mapping[str, Value]
    main: int | None = None  # whose branch it is
    ended: Change | None = None  # what ended it; None for one that never was, or is
    has_been: bool = False

    @property
    def municipality(self) -> Value:
        """Answer where it lies."""
        return self.values.get("municipality")


@dataclass
class World:
    """All schools on a day; ``retired`` are municipalities that became others."""

    schools: dict[int, Standing]
    names: Mapping[int, str]
    retired: dict[Value, Change] = field(default_factory=dict)

    def name(self, school: int) -> str:
        """Answer a school's name on this day, in quotes."""
        known = self.schools[school].values.get("name") if school in self.schools else None
        return f"«{shown(known)}»" if known else named(school, self.names)

    def put(self, school: int, **changed: object) -> None:
        """Change how a school stands."""
        self.schools[school] = replace(self.schools[school], **changed)  # type: ignore[arg-type]

    def branches(self, main: int) -> list[int]:
        """Answer the branches of a school that exist."""
        return [pk for pk, one in self.schools.items() if one.main == main and one.exists]

    def begin(self, school: int) -> None:
        """Let a school exist."""
        self.put(school, exists=True, has_been=True, ended=None)

    def end(self, school: int, change: Change) -> None:
        """Let a school be no more."""
        self.put(school, exists=False, has_been=True, main=None, ended=change)


def first_day(beginnings: Mapping[int, Beginning], changes: list[Change]) -> World:
    """Answer the schools before the first change: what the changes say of it, else what the register says."""
    schools = {}
    for school, beginning in beginnings.items():
        mine = [change for change in changes if school in change.schools]
        values = dict(beginning.values)
        for change in reversed(mine):
            if change.changes_attribute_of(school):
                values[change.attribute] = change.before
        life = [change for change in mine if change.is_of_life(school)]
        exists = not (life and life[0].begins_with(school))
        schools[school] = Standing(exists, values, has_been=exists)
    names = {school: shown(one.values.get("name", school)) for school, one in beginnings.items()}
    return World(schools, names)


def apply(world: World, change: Change) -> None:
    """Turn the day before into the day of a change.

    Raises: Impossible.
    """
    for school in change.schools:
        if school not in world.schools:
            raise Impossible(_("Школа {school} неизвестна реестру").format(school=school), change)
    if len(change.schools) < len([*_of(change.school), *change.ends, *change.begins, *_of(change.main)]):
        raise Impossible(_("Одна и та же школа названа дважды"), change)
    WHAT_IT_DOES[change.kind](world, change)


def _of(school: int | None) -> tuple[int, ...]:
    return () if school is None else (school,)


def _must_exist(world: World, change: Change, *schools: int | None) -> None:
    """Refuse a change of a school that is no more, or is not yet."""
    for school in schools:
        if school is None:
            raise Impossible(_("Не названа школа, которой касается изменение"), change)
        standing = world.schools[school]
        if not standing.exists:
            sentence = _("На {day} школы {name} нет: она {why}").format(
                day=day(change.on), name=world.name(school), why=ended(standing.ended)
            )
            raise Impossible(sentence, change, standing.ended)


def _must_be_new(world: World, change: Change, *schools: int) -> None:
    for school in schools:
        standing = world.schools[school]
        if standing.exists:
            sentence = _("Школа {name} уже есть на {day}, а по этому изменению она только возникает")
        elif standing.has_been:
            sentence = _("Школа {name} уже была до {day}: у новой школы своя строка в реестре")
        else:
            continue
        raise Impossible(sentence.format(name=world.name(school), day=day(change.on)), change, standing.ended)


def _open(world: World, change: Change) -> None:
    if change.school is None:
        raise Impossible(_("Не названа школа, которой касается изменение"), change)
    _must_be_new(world, change, change.school)
    world.begin(change.school)


def _close(world: World, change: Change) -> None:
    _must_exist(world, change, change.school)
    assert change.school is not None
    if branches := world.branches(change.school):
        sentence = _("У школы {name} есть филиал {branch}: сначала решите, что с ним будет")
        raise Impossible(
            sentence.format(name=world.name(change.school), branch=world.name(branches[0])), change
        )
    world.end(change.school, change)


def _reopen(world: World, change: Change) -> None:
    if change.school is None:
        raise Impossible(_("Не названа школа, которой касается изменение"), change)
    standing = world.schools[change.school]
    if standing.exists or standing.ended is None:
        sentence = _("Закрытие школы {name} до {day} не записано: возобновлять нечего")
    elif standing.ended.kind != Kind.CLOSE:
        sentence = _("Школа {name} не закрыта, а вошла в другую или разделена: запишите выделение новой")
    else:
        world.begin(change.school)
        return
    refusal = sentence.format(name=world.name(change.school), day=day(change.on))
    raise Impossible(refusal, change, standing.ended)


def _attribute(world: World, change: Change) -> None:
    _must_exist(world, change, change.school)
    assert change.school is not None
    _must_follow(world, change, change.school)
    if change.kind in CODES and change.after:
        for school, standing in world.schools.items():
            if school != change.school and standing.values.get(change.attribute) == change.after:
                sentence = _("Код {code} в этот день у школы {name}: сначала запишите, что он от неё ушёл")
                raise Impossible(sentence.format(code=change.after, name=world.name(school)), change)
    if change.kind == Kind.MOVE:
        _must_be_in_force(world, change, change.after)
    _set(world, change, change.school)


def _must_follow(world: World, change: Change, school: int) -> None:
    """Refuse a change whose «было» is not what the school had the day before."""
    now = world.schools[school].values.get(change.attribute)
    if now != change.before:
        sentence = _("{what} школы {name} исходит из «{before}», а накануне {day} было «{now}»").format(
            what=noun(change.kind).capitalize(), name=world.name(school), before=shown(change.before),
            day=day(change.on), now=shown(now),
        )  # fmt: skip
        raise Impossible(sentence, change)
    if change.after == change.before:
        raise Impossible(_("Новое значение то же, что прежнее: ничего не меняется"), change)


def _set(world: World, change: Change, school: int) -> None:
    world.put(school, values={**world.schools[school].values, change.attribute: change.after})


def _must_be_in_force(world: World, change: Change, municipality: Value) -> None:
    if municipality in world.retired:
        sentence = _("Этого муниципалитета на {day} уже нет: {why}").format(
            day=day(change.on), why=told(world.retired[municipality])
        )
        raise Impossible(sentence, change, world.retired[municipality])


def _reform(world: World, change: Change) -> None:
    _must_be_in_force(world, change, change.before)
    _must_be_in_force(world, change, change.after)
    for school in change.moved:
        _must_follow(world, change, school)
        _set(world, change, school)
    for school, standing in world.schools.items():
        if standing.exists and standing.municipality == change.before:
            sentence = _("В преобразованном муниципалитете на {day} осталась бы школа {name}")
            raise Impossible(sentence.format(day=day(change.on), name=world.name(school)), change)
    world.retired[change.before] = change


def _branch(world: World, change: Change) -> None:
    _must_exist(world, change, change.main)
    assert change.main is not None
    if world.schools[change.main].main is not None:
        sentence = _("Школа {name} сама филиал: филиала у филиала не бывает")
        raise Impossible(sentence.format(name=world.name(change.main)), change)
    for school in (*_of(change.school), *change.begins):
        if school in change.begins:
            _must_be_new(world, change, school)
            world.begin(school)
        _must_exist(world, change, school)
        if branches := world.branches(school):
            sentence = _("У школы {name} есть свой филиал {branch}: сначала решите, что с ним будет")
            raise Impossible(sentence.format(name=world.name(school), branch=world.name(branches[0])), change)
        if world.schools[school].main == change.main:
            sentence = _("Школа {name} уже филиал этой школы")
            raise Impossible(sentence.format(name=world.name(school)), change)
        world.put(school, main=change.main)


def _independent(world: World, change: Change) -> None:
    _must_exist(world, change, change.school)
    assert change.school is not None
    if world.schools[change.school].main is None:
        sentence = _("Школа {name} и так самостоятельная")
        raise Impossible(sentence.format(name=world.name(change.school)), change)
    world.put(change.school, main=None)


def _merge(world: World, change: Change) -> None:
    """Let schools end in one that continues (присоединение), or in a new one (слияние)."""
    if bool(change.school is not None) + len(change.begins) != 1:
        raise Impossible(_("Назовите одну школу, в которую вошли другие"), change)
    if not change.ends or (change.begins and len(change.ends) < 2):
        raise Impossible(_("Назовите школы, которые вошли в другую; для слияния нужны хотя бы две"), change)
    _must_exist(world, change, *change.ends, *_of(change.school))
    _must_be_new(world, change, *change.begins)
    (into,) = (*_of(change.school), *change.begins)
    if world.schools[into].main in change.ends:
        sentence = _("Школа {name} — филиал той, которая в неё входит: сначала сделайте её самостоятельной")
        raise Impossible(sentence.format(name=world.name(into)), change)
    if into in change.begins:
        world.begin(into)
    for school in change.ends:
        for branch in world.branches(school):
            world.put(branch, main=world.schools[into].main or into)
        world.end(school, change)


def _split(world: World, change: Change) -> None:
    """Let new schools begin beside one that continues (выделение), or in the place of one (разделение)."""
    (*olds,) = (*_of(change.school), *change.ends)
    if len(olds) != 1:
        raise Impossible(_("Назовите одну школу, которую разделили"), change)
    if not change.begins or (change.ends and len(change.begins) < 2):
        raise Impossible(_("Назовите новые школы; если прежней больше нет, нужны хотя бы две"), change)
    _must_exist(world, change, *olds)
    _must_be_new(world, change, *change.begins)
    heirs = {*_of(change.school), *change.begins}
    if change.shares and ({school for school, _share in change.shares} - heirs or _all_shares(change) <= 0):
        raise Impossible(_("Доли названы не тем школам или все равны нулю"), change)
    if change.ends and (branches := world.branches(olds[0])):
        sentence = _("У школы {name} есть филиал {branch}: сначала решите, что с ним будет")
        raise Impossible(sentence.format(name=world.name(olds[0]), branch=world.name(branches[0])), change)
    for school in change.begins:
        world.begin(school)
    for school in change.ends:
        world.end(school, change)


def _all_shares(change: Change) -> int:
    shares = [share for _school, share in change.shares]
    return -1 if min(shares) < 0 else sum(shares)


WHAT_IT_DOES: dict[Kind, Callable[[World, Change], None]] = {
    Kind.OPEN: _open,
    Kind.REOPEN: _reopen,
    Kind.INDEPENDENT: _independent,
    **dict.fromkeys((Kind.RENAME, Kind.FOUNDER, Kind.MOVE, *CODES), _attribute),
    Kind.REFORM: _reform,
    Kind.BRANCH: _branch,
    Kind.MERGE: _merge,
    Kind.SPLIT: _split,
    Kind.CLOSE: _close,
}
