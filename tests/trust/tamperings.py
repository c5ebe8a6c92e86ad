"""Ways to tamper with the trace as only the owner of its tables can, each with what a verifier must point at.

A way does its harm in the database and answers ``(territory, first, last)`` of the events that were touched,
or ``("anchor", number, number)``.
"""

import json

from opora.audit.actions import content
from opora.audit.links import anchored, linked
from opora.audit.models import Anchor, Chain, Event
from tests.trust.logs import TERRITORIES, run

TABLE = "audit_event"


def any_event(rng, territory=None):
    places = TERRITORIES if territory is None else [territory]
    return rng.choice(list(Event.objects.filter(chain__in=places)))


def length(territory):
    return Chain.objects.get(pk=territory).number


def change(event, column, value):
    touched = run(
        f"UPDATE {TABLE} SET {column} = %s WHERE chain_id = %s AND number = %s",
        [value, event.chain_id, event.number],
    )
    assert touched == 1
    return event.chain_id, event.number, event.number


def change_plain_cell(rng):
    """One cell of a plain column."""
    event = any_event(rng)
    column = rng.choice(
        ["by_id", "role", "deed", "target", "target_id", "municipality", "school", "previous", "hash"]
    )
    old = getattr(event, column)
    if column in ("by_id", "municipality", "school"):
        choices = [None, 1, (old or 0) + 1]
    else:
        choices = ["", old + " ", old[:-1], old.upper(), "x" * 5, old[::-1]]
        if column in ("previous", "hash"):
            choices = ["", "0" * 64, event.previous if column == "hash" else event.hash, old.upper()]
    return change(event, column, rng.choice([one for one in choices if one != old]))


def change_moment(rng):
    """The moment, by a microsecond or by four thousand years."""
    event = any_event(rng)
    shift = rng.choice(["1 microsecond", "-1 microsecond", "1 second", "1 year", "-1 day", "8000 years"])
    kept = event.chain_id, event.number
    statement = f"UPDATE {TABLE} SET at = at + interval '{shift}' WHERE chain_id = %s AND number = %s"
    if rng.random() < 0.2:  # the same day and hour before our era: text without an era would look the same
        statement = (
            f"UPDATE {TABLE} SET at = to_timestamp(to_char(at AT TIME ZONE 'UTC', "
            "'YYYY-MM-DD HH24:MI:SS.US') || ' BC', 'YYYY-MM-DD HH24:MI:SS.US BC') "
            "WHERE chain_id = %s AND number = %s"
        )
    elif rng.random() < 0.1:
        statement = f"UPDATE {TABLE} SET at = 'infinity' WHERE chain_id = %s AND number = %s"
    run(statement, kept)
    return event.chain_id, event.number, event.number


def change_details(rng):
    """Something inside the details: a value, its type, a key, a number no event can hold."""
    event = any_event(rng)
    told = dict(event.details)
    name = rng.choice(sorted(told)) if told else ""
    made = [
        {**told, "лишнее": 1},
        {**told, "": None},
        [told],
        {**told, "доля": 0.5},
        {**told, "много": 10**5000},
    ]
    if name:
        value = told[name]
        made += [
            {key: one for key, one in told.items() if key != name},
            {**told, name: [value]},
            {**told, name: str(value) if not isinstance(value, str) else None},
        ]
        if isinstance(value, int) and not isinstance(value, bool):
            made += [{**told, name: value + 1}, {**told, name: float(value)}]
    text = rng.choice([spelled(one) for one in made])
    return change(event, "details", text)


def spelled(value):
    import sys

    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(value, ensure_ascii=False)
    finally:
        sys.set_int_max_str_digits(before)


def change_place(rng):
    """The number of an event, or its chain."""
    event = any_event(rng)
    if rng.random() < 0.5:
        return change(event, "number", length(event.chain_id) + rng.randint(1, 3))
    other = rng.choice([one for one in TERRITORIES if one != event.chain_id])
    run(
        f"UPDATE {TABLE} SET chain_id = %s, number = %s WHERE chain_id = %s AND number = %s",
        [other, length(other) + 1, event.chain_id, event.number],
    )
    return event.chain_id, event.number, event.number


def remove_some(rng):
    """One event or several in a row, anywhere, the last ones too."""
    territory = rng.choice(TERRITORIES)
    last = length(territory)
    first = rng.randint(1, last)
    until = min(last, first + rng.choice([0, 0, 1, 3, last]))
    remove(territory, first, until)
    return territory, first, until


def remove_last(rng):
    """The last events, and the head as if they had never been; an anchor remembers them."""
    territory = rng.choice(TERRITORIES)
    anchored_ = max(Anchor.objects.filter(chain=territory).values_list("event", flat=True))
    first = rng.randint(2, anchored_)
    last = length(territory)
    remove(territory, first, last)
    before = Event.objects.get(chain=territory, number=first - 1)
    run(
        "UPDATE audit_chain SET number = %s, hash = %s WHERE territory = %s",
        [before.number, before.hash, territory],
    )
    return territory, first, last


def remove_chain(rng):
    """A whole chain with its head, sometimes with all that the database knows of its anchors."""
    territory = rng.choice(TERRITORIES)
    last = length(territory)
    remove(territory, 1, last)
    run("DELETE FROM audit_chain WHERE territory = %s", [territory])
    if rng.random() < 0.5:
        run("DELETE FROM audit_anchor WHERE chain_id = %s", [territory])
        link_anchors()
    return territory, 1, last


def remove(territory, first, last):
    run(f"DELETE FROM {TABLE} WHERE chain_id = %s AND number BETWEEN %s AND %s", [territory, first, last])


def shift(territory, first, by):
    """Move events along the numbers, by way of numbers that nobody has."""
    for step, start in ((100_000, first), (by - 100_000, 100_000)):
        run(
            f"UPDATE {TABLE} SET number = number + %s WHERE chain_id = %s AND number >= %s",
            [step, territory, start],
        )


def swap(rng):
    """Two events in each other's places, with all they hold or with their contents only."""
    territory = rng.choice(TERRITORIES)
    first, second = sorted(rng.sample(range(1, length(territory) + 1), 2))
    if rng.random() < 0.5:
        for old, new in ((first, 0), (second, first), (0, second)):
            run(f"UPDATE {TABLE} SET number = %s WHERE chain_id = %s AND number = %s", [new, territory, old])
    else:
        columns = "at, by_id, role, deed, target, target_id, municipality, school, details"
        run(
            f"UPDATE {TABLE} one SET ({columns}) = (SELECT {columns} FROM {TABLE} other "
            "WHERE other.chain_id = one.chain_id AND other.number = %s - one.number) "
            "WHERE chain_id = %s AND number IN (%s, %s)",
            [first + second, territory, first, second],
        )
    return territory, first, second


def insert(rng):
    """An event with plausible links: after the end, or in the middle with those after it moved on."""
    territory = rng.choice(TERRITORIES)
    last = length(territory)
    place = rng.randint(1, last + 1)
    shift(territory, place, 1)
    event = any_event(rng, territory)
    before = Event.objects.filter(chain=territory, number=place - 1).first()
    event.number, event.previous = place, before.hash if before else ""
    event.hash = linked(event.previous, content(event))
    event.save(force_insert=True)
    if place <= last and rng.random() < 0.5:
        end = Event.objects.get(chain=territory, number=last + 1)
        move_head(territory, end)
    return territory, place, last + 1


def rewrite(rng):
    """Change an event, hash all after it anew, move the head; sometimes the database's anchors too."""
    territory = rng.choice(TERRITORIES)
    known = max(Anchor.objects.filter(chain=territory).values_list("event", flat=True))
    first = rng.randint(1, known)
    if rng.random() < 0.3 and first > 1:  # or take it out, as if it had never been
        remove(territory, first, first)
        shift(territory, first + 1, -1)
    else:
        run(f"UPDATE {TABLE} SET role = role || 'x' WHERE chain_id = %s AND number = %s", [territory, first])
    previous = "" if first == 1 else Event.objects.get(chain=territory, number=first - 1).hash
    event = None
    for event in Event.objects.filter(chain=territory, number__gte=first).order_by("number"):
        event.previous = previous
        event.hash = previous = linked(event.previous, content(event))
        event.save(update_fields=["previous", "hash"])
    move_head(territory, event or Event.objects.get(chain=territory, number=first - 1))
    last = length(territory)
    if rng.random() < 0.7:
        run("DELETE FROM audit_anchor WHERE chain_id = %s AND event > %s", [territory, last])
        run(
            f"UPDATE audit_anchor SET event_hash = {TABLE}.hash FROM {TABLE} "
            f"WHERE {TABLE}.chain_id = audit_anchor.chain_id AND {TABLE}.number = event"
        )
        link_anchors()
    return territory, first, last


def move_head(territory, event):
    run(
        "UPDATE audit_chain SET number = %s, hash = %s WHERE territory = %s",
        [event.number, event.hash, territory],
    )


def link_anchors():
    """Number and link the anchors anew, as somebody who covers their traces would."""
    rows = list(Anchor.objects.order_by("number"))
    run("DELETE FROM audit_anchor")
    previous = ""
    for number, row in enumerate(rows, 1):
        row.number, row.previous = number, previous
        row.hash = previous = anchored(
            row.previous, row.number, row.day, row.chain_id, row.event, row.event_hash
        )
        row.save(force_insert=True)


def change_head(rng):
    """A cell of a chain's own row."""
    territory = rng.choice(TERRITORIES)
    last = length(territory)
    how = rng.choice(
        ["number = number + 1", "number = number - 1", "hash = ''", "hash = reverse(hash)", "gone"]
    )
    if how == "gone":
        run("DELETE FROM audit_chain WHERE territory = %s", [territory])
    else:
        run(f"UPDATE audit_chain SET {how} WHERE territory = %s", [territory])
    return territory, last, last


def change_anchor(rng):
    """A cell of an anchor, or the whole of it."""
    anchor = rng.choice(list(Anchor.objects.all()))
    other = rng.choice([one for one in TERRITORIES if one != anchor.chain_id])
    how = rng.choice(
        ["day = day + 1", "event = event + 50", "event_hash = reverse(event_hash)", "previous = 'x'",
         "hash = reverse(hash)", f"chain_id = '{other}', event = event + 1000", "number = number + 1000",
         "gone"]
    )  # fmt: skip
    if how == "gone":
        run("DELETE FROM audit_anchor WHERE number = %s", [anchor.number])
    else:
        run(f"UPDATE audit_anchor SET {how} WHERE number = %s", [anchor.number])
    return "anchor", anchor.number, anchor.number


WAYS = (
    change_plain_cell, change_plain_cell, change_moment, change_details, change_details, change_place,
    remove_some, remove_some, remove_last, remove_chain, swap, swap, insert, insert, rewrite, rewrite,
    change_head, change_anchor,
)  # fmt: skip
