"""Every edition that comes with Opora makes a list in the system, and every page of it opens."""

import pytest
from django.urls import reverse

from opora.identification.actions import start_run
from opora.identification.models import Verdict
from opora.methodology.edition import shipped

RESULTS = """школа;год;процедура;предмет;класс;участников;низких
sch250001;2024;впр;математика;5;20;8
sch250001;2025;впр;русский язык;6;30;10
sch250001;2025;огэ;математика;9;20;9
sch250001;2025;егэ;русский язык;11;20;9
sch250001;2024;егэ;русский язык;11;20;9
sch250002;2025;впр;математика;5;20;1
sch250002;2025;огэ;математика;9;20;1
sch250002;2025;егэ;русский язык;11;20;1
sch250002;2024;егэ;русский язык;11;20;1
sch250003;2025;впр;русский язык;6;25;20
sch250003;2025;егэ;русский язык;11;25;2
"""


@pytest.mark.parametrize("edition", shipped())
def test_a_list_by_each_edition_is_made_and_read(bring, people, places, signed_in, edition):
    """Перечень составлен, открывается он сам, страница школы, «Что, если», признаки и контекст, и файл."""
    brought = bring(people.operator, RESULTS)
    assert not brought.problems
    run = start_run(edition, [2024, 2025], places.primorye, people.coordinator)
    school = Verdict.objects.filter(run=run, school=places.listed).first()
    browser = signed_in(people.coordinator)
    addresses = [
        f"/list/?run={run.pk}&only=all",
        f"/schools/{school.school_id}/?run={run.pk}",
        reverse("identification:run", args=(run.pk,)),
        reverse("identification:what_if", args=(run.pk,)),
        reverse("identification:signs", args=(run.pk,)),
        reverse("identification:context", args=(run.pk,)),
    ]
    assert [(address, browser.get(address).status_code) for address in addresses] == [
        (address, 200) for address in addresses
    ]
    taken = browser.post(reverse("identification:export", args=(run.pk,)), {"kind": "json", "only": "all"})
    assert taken.status_code == 200 and b"".join(taken.streaming_content)
