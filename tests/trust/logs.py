"""Realistic logs for the tests of tampering: recorded as deeds are, in several chains, anchored daily."""

import random
from datetime import date, timedelta

from django.db import connection

from opora.audit.actions import record
from opora.audit.words import tell_deeds

TERRITORIES = ("", "25", "22", "05")
FIRST_DAY = date(2026, 3, 2)
DEEDS = {
    "appoint": "дана роль {as_role}",
    "publish": "утверждён перечень «{title}»",
    "accept": "загружены файлы: {files}",
    "sign_in": "выполнен вход",
}
TITLES = ("Перечень 2026", "Школа села «Ёлкино»", "Ещё \U0001f33f один", "a'b\\c")


def tell():
    """Tell the deeds of these logs."""
    tell_deeds("trust", DEEDS)


def write_log(rng: random.Random, people, days: int = 4, most: int = 6) -> None:
    """Record some days of deeds in all chains, with anchors at the end of every day but the last."""
    for day in range(days):
        for _deed in range(rng.randint(3, most)):
            for territory in TERRITORIES:
                if rng.random() < 0.7 or day == 0:
                    write_event(rng, people, territory)
        if day < days - 1:
            anchor(FIRST_DAY + timedelta(days=day))


def write_event(rng, people, territory):
    """Record one deed."""
    deed = rng.choice(sorted(DEEDS))
    details = {
        "appoint": {"as_role": "curator", "person": rng.randint(1, 10**6), "until": None},
        "publish": {"title": rng.choice(TITLES), "order_date": "2026-03-02", "rows": [1, {"б": None}]},
        "accept": {"files": rng.randint(1, 500), "accepted": rng.random() < 0.5},
        "sign_in": {},
    }[deed]
    record(
        f"trust.{deed}",
        rng.choice([None, *people]),
        rng.choice([None, *people]),
        region=territory,
        municipality=rng.choice([None, 7, 12]),
        school=rng.choice([None, 3, 10**12]),
        role=rng.choice(["", "director", "regional_coordinator"]),
        **details,
    )


def anchor(day):
    """Make the anchors of a day."""
    run("SELECT audit_anchor_day(%s, true)", [day])


def run(statement, given=()):
    """Run a statement on the database as it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(given))
        return cursor.fetchall() if cursor.description else cursor.rowcount
