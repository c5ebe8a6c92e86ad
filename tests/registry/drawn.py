"""Reads histories of schools that are drawn in a test: a line a change, a letter a school."""

from datetime import date

from opora.registry.history.carrying import Figure
from opora.registry.history.changes import Beginning, Change, Kind
from opora.registry.history.chronicle import Chronicle
from tests.methodology.drawn import rows

VALUES = {
    "name": "прежнее",
    "municipality": "М",
    "founder": "район",
    "vpr_login": None,
    "ris_code": None,
    "inn": None,
}
SCHOOLS = "ABCDEFGH"


def number(letter):
    return SCHOOLS.index(letter) + 1


def letter(school):
    return SCHOOLS[school - 1]


def numbers(text):
    return tuple(number(one) for one in (text or "").split())


def beginnings(schools=SCHOOLS, **told):
    """Answer the register: every school has the same values but its name; ``told`` gives A=dict(…)."""
    return {
        number(one): Beginning(**{"values": {**VALUES, "name": f"Школа {one}"}, **told.get(one, {})})
        for one in schools
    }


def drawn_changes(text, first=1):
    return [_change(place, row) for place, row in enumerate(rows(text), first)]


def _change(place, row):
    told = dict.fromkeys(("school", "main", "ends", "begins", "moved", "before", "after", "shares")) | row
    shares = (pair.split(":") for pair in (told["shares"] or "").split())
    return Change(
        place,
        Kind(told["kind"]),
        date.fromisoformat(told["on"]),
        number(told["school"]) if told["school"] else None,
        numbers(told["ends"]),
        numbers(told["begins"]),
        numbers(told["moved"]),
        number(told["main"]) if told["main"] else None,
        told["before"],
        told["after"],
        tuple((number(one), int(share)) for one, share in shares),
    )


def drawn(text, register=None):
    """Draw a chronicle."""
    return Chronicle(register or beginnings(), drawn_changes(text))


def exist(chronicle, day):
    """Name the schools that exist on a day, in one line."""
    return "".join(letter(pk) for pk, one in chronicle.on(date.fromisoformat(day)).items() if one.exists)


def value(chronicle, school, day, attribute="name"):
    return chronicle.on(date.fromisoformat(day))[number(school)].values[attribute]


def figures(text):
    """Draw figures: school, takers, low; the key is the year where it is told."""
    return [
        Figure(
            number(row["school"]),
            row.get("year", 2018),
            {"low": int(row["low"]), "rest": row["takers"] - int(row["low"])},
        )
        for row in rows(text)
    ]


def totals(carried):
    """Answer «A 20/8» for each school, takers and low, then what was lost."""
    told = [f"{letter(one.school)} {sum(one.counts.values())}/{one.counts['low']}" for one in carried.figures]
    lost = [
        f"{letter(one.school)} {sum(one.counts.values())}/{one.counts['low']}" for one, _why in carried.lost
    ]
    return " ".join(sorted(told)) + (f" | {' '.join(sorted(lost))}" if lost else "")
