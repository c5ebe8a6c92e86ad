"""Times a release of risk profiles through the database: ``python -m tests.bench.release SIZE``; a JSON line.

A country's survey with the shipped questionnaires has ended; its sheets lie in the database. They are made
there, by SQL, of answers drawn for each questionnaire beforehand: a director, a psychologist, 12 teachers, 10
pupils of each grade and 12 parents of every school, 46 sheets. ``release`` is then called as the worker does:
read, told apart by what may be shown, scored with intervals, put beside similar schools, written.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from tests.bench.pages import with_database

SCHOOLS = {"quick": 40, "full": 3_000}  # as many as the project had; a country takes hours and more memory
ASKED = {
    "director-2026": 1,
    "psychologist-2026": 1,
    "teacher-2026": 12,
    "pupil-6-2026": 10,
    "pupil-9-2026": 10,
    "parent-2026": 12,
}
DRAWN = 300  # different sheets of each questionnaire
STEPS = {"gathered": "gathering", "_profiles": "scoring"}  # function → what it is called
SHEETS = """
INSERT INTO diagnostics_sheet (id, link_id, wave, answers)
SELECT gen_random_uuid(), link.id, NULL, drawn.answers
FROM diagnostics_surveylink link
CROSS JOIN LATERAL generate_series(1, (%(many)s::jsonb ->> link.form)::integer) number
JOIN drawn ON drawn.form = link.form AND drawn.place = (link.id * 7919 + number * 104729) %% %(drawn)s
WHERE link.campaign_id = %(campaign)s
"""
RECEIPTS = """
INSERT INTO diagnostics_receipt (link_id, digest)
SELECT link_id, md5(id::text) FROM diagnostics_sheet
WHERE link_id IN (SELECT id FROM diagnostics_surveylink WHERE campaign_id = %(campaign)s)
"""


def campaign(operator: Any) -> Any:
    """Make a survey of all schools that ended yesterday, with its sheets."""
    from django.db import connection
    from django.utils import timezone

    from opora.diagnostics.models import Campaign, SurveyLink
    from opora.registry.models import School

    today = timezone.localdate()
    made = Campaign.objects.create(
        title="Замер",
        year=today.year,
        forms=list(ASKED),
        opens_on=today - timedelta(days=9),
        closes_on=today - timedelta(days=1),
        closed_on=today - timedelta(days=1),
        state=Campaign.State.CLOSED,
        by=operator,
    )
    places = School.objects.values_list("pk", "region_id", "municipality_id").order_by("pk")
    SurveyLink.objects.bulk_create(
        (
            SurveyLink(
                campaign=made,
                region_id=region,
                municipality_id=municipality,
                school_id=school,
                form=form,
                way=SurveyLink.Way.OPEN,
                invited=2 * many if many > 1 else 1,
            )
            for school, region, municipality in places
            for form, many in ASKED.items()
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE drawn (form text, place integer, answers jsonb)")
        cursor.executemany("INSERT INTO drawn VALUES (%s, %s, %s)", list(_drawn()))
        cursor.execute(SHEETS, {"many": json.dumps(ASKED), "drawn": DRAWN, "campaign": made.pk})
        cursor.execute("DROP TABLE drawn")
        cursor.execute(RECEIPTS, {"campaign": made.pk})
    return made


def _drawn() -> Iterator[tuple[str, int, str]]:
    """Draw sheets of every questionnaire, as people fill them in."""
    from opora.demo.surveys import drawn_sheet
    from opora.questionnaires.editions import load

    for form in ASKED:
        for place in range(DRAWN):
            random = Random(place)
            yield form, place, json.dumps(drawn_sheet(load(form), random.random(), random))


def measured(schools: int) -> dict[str, Any]:
    """Put the profiles of so many schools out once."""
    from django.db import connection
    from django.utils import timezone

    from opora.diagnostics.models import Sheet
    from opora.diagnostics.profiles import actions
    from tests.bench.country_in_database import put

    made = campaign(put(schools))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server itself does some minutes after such a load
    took: dict[str, float] = {}
    with ExitStack() as stack:
        for name, said in STEPS.items():
            own = _timed(getattr(actions, name), said, took)
            stack.enter_context(patch.object(actions, name, own))
        before, worked, started = _peak(), time.process_time(), time.perf_counter()
        released = actions.release(made, timezone.localdate())
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
    assert released is not None and released.schools == schools
    return {
        "name": "profile_release",
        "rows": Sheet.objects.count(),
        "schools": schools,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(worked, 2),
        **{f"{said}_seconds": round(took[said], 2) for said in STEPS.values()},
        "saving_seconds": round(seconds - sum(took.values()), 2),
        "peak_mb": _peak(),
        "peak_before_mb": before,
    }


def _timed(function: Callable[..., Any], said: str, took: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any) -> Any:
        started = time.perf_counter()
        found = function(*given)
        took[said] = time.perf_counter() - started
        return found

    return timed


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(size: str) -> None:
    """Measure in a database of our own."""
    with with_database():
        print(json.dumps(measured(SCHOOLS[size]), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
