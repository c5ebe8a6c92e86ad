"""Puts a country into the database: regions, municipalities, schools with outcomes, one published list."""

import random

import numpy as np
import polars as pl
from django.db import connection
from django.utils import timezone

from opora.accounts.actions import add_person
from opora.accounts.models import User
from opora.identification.actions import agree_list, publish_list, start_run
from opora.identification.models import Run
from opora.methodology import tables
from opora.registry.actions import appoint, load_regions
from opora.registry.models import Municipality, Region, School
from opora.results.actions import store

ROOTS = ("Ёлкин", "Берёзов", "Лесн", "Озёр", "Степн", "Горн", "Речн", "Луг")
MUNICIPALITIES = 24  # in a region
HELD = [
    (year, assessment, subject, grade)
    for year in (2018, 2019)
    for assessment, grades in (("vpr", (4, 5, 6)), ("oge", (9,)))
    for grade in grades
    for subject in ("maths", "russian")
]


def put(schools: int) -> User:
    """Fill an empty, migrated database and the store; answer the federal operator who sees it all."""
    load_regions()
    _schools(schools)
    store().add(_outcomes(list(School.objects.values_list("pk", flat=True))), "0" * 64)
    operator = add_person("operator@bench.example", "Оператор", None)
    appoint(operator, "federal_operator", since=timezone.localdate(), until=None)
    run = agree_list(start_run("seed-2020", None, None, operator), operator)
    publish_list(run, "1", timezone.localdate(), operator)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server itself does some minutes after such a load
    return operator


def run_again(operator: User) -> Run:
    """Make the country's list once more, as a draft."""
    return start_run("seed-2020", None, None, operator)


def _schools(count: int) -> None:
    places = Municipality.objects.bulk_create(
        Municipality(region=region, name=f"{root}ский район {number}", kind="municipal_district")
        for region in Region.objects.order_by("pk")
        for number, root in zip(range(MUNICIPALITIES), ROOTS * MUNICIPALITIES, strict=False)
    )
    School.objects.bulk_create((_school(places[n % len(places)], n) for n in range(count)), batch_size=5_000)


def _school(place: Municipality, number: int) -> School:
    name = f"«СОШ № {number % 97 + 1}» с. Верхнее {number}"
    return School(
        region_id=place.region_id,
        municipality=place,
        name=f"Муниципальное бюджетное общеобразовательное учреждение {name}",
        short_name=f"МБОУ {name}",
        vpr_login=f"sch{place.region_id}{number:05d}",
        settlement_kind="rural" if number % 2 else "urban",
        pupils=random.Random(number).randint(20, 1_200),
    )


def _outcomes(schools: list[int]) -> pl.DataFrame:
    """Invent outcomes of which about a tenth of the schools fail two."""
    chance = np.random.default_rng(500)
    held = pl.DataFrame(HELD, schema=["year", "assessment", "subject", "grade"], orient="row")
    level = pl.DataFrame({"school": [str(pk) for pk in schools], "level": chance.beta(2, 12, len(schools))})
    frame = level.join(held, how="cross")
    takers = chance.integers(5, 90, frame.height)
    share = np.clip(frame["level"].to_numpy() + chance.normal(0, 0.05, frame.height), 0, 1)
    frame = frame.with_columns(
        takers=pl.Series(takers),
        low=pl.Series(chance.binomial(takers, share)),
        sitting=pl.lit(""),
        category=pl.lit("all"),
        grade_programme=pl.col("grade"),
    )
    missing = [pl.lit(None).alias(name) for name in tables.OUTCOMES if name not in frame.columns]
    return frame.with_columns(missing).select(*tables.OUTCOMES).cast(tables.OUTCOMES)
