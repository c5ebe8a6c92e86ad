"""Reads ``matrix.txt``, the table of who opens which address, and asks every address as everybody."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace

from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.trust.world import marks_foreign_to

TABLE = Path(__file__).parent / "matrix.txt"
PEOPLE = {
    "оператор": "operator",
    "аналитик": "analyst",
    "регион": "coordinator",
    "муницип": "municipal",
    "куратор": "curator",
    "директор": "director",
    "наблюд": "observer",
    "методист": "methodist",
    "команда": "school_team",
    "психолог": "psychologist",
    "наставник": "mentor_school",
    "партнёр": "partner",
    "студент": "student_intern",
    "замдир": "deputy",
    "никто": "nobody",
    "не вошёл": "anonymous",
}
METHODS = ("GET", "POST")
# What is sent with a POST; an address that is not here is sent an empty form.
BODIES = {
    "accounts:language": {"language": "ru"},
    "accounts:sign_in": {"username": "nobody@example.org", "password": "не тот"},
    "identification:export": {"kind": "json", "only": "all"},
    "identification:choices": {"count": "1"},
    "identification:fix_participant": {"school": "0", "way": "free"},
    "identification:new_run": {"edition": "seed-2020", "region": "25", "years": "2018"},
    "identification:run": {"step": "agree"},
    "diagnostics:hand_out": {"count": "2"},
    "diagnostics:paper": {"do": "begin"},
    "diagnostics:pack": {"do": "finish"},
    "diagnostics:sheet": {"do": "keep"},
    "diagnostics:verification": {"side": "school", "version": "0", "do": "keep"},
    "quality:sheet": {"do": "take_back"},
    "quality:section": {"version": "0", "do": "keep"},
    "quality:new_repair": {"why_not": "уже делаем"},
    "quality:repair": {"version": "1", "do": "agree"},
    "visits:visit": {"do": "cancel", "reason": "метель"},
    "visits:records": {
        "kind": "note",
        "text": "тихо",
        "uuid": "0b0d3ba1-8f5b-4c11-9d3c-6f2f5a3c9e10",
        "told_at": "2026-11-28T10:00:00.000Z",
    },
    "people:invite": {"way": "code"},
    "people:invite_many": {"way": "code"},
}


@dataclass(frozen=True)
class Line:
    """A line of the table: an address, the kind of thing it is about, where that lies, who is answered."""

    method: str
    name: str
    thing: str  # "" where the address is about nothing in particular; else a kind, or the argument itself
    place: str
    answers: dict[str, str]  # who → word

    def address(self, world: SimpleNamespace) -> str:
        if not self.thing:
            return reverse(self.name)
        if self.thing.isdigit():
            return reverse(self.name, args=(self.thing,))
        if not hasattr(world, "things"):
            world.things = things(world)
        thing = world.things[self.thing, self.place]
        return reverse(self.name, args=thing if isinstance(thing, tuple) else (thing,))

    def title(self) -> str:
        thing = f"({self.thing})" if self.thing else ""
        return f"{self.method} {self.name}{thing}"


def things(world: SimpleNamespace) -> dict[tuple[str, str], object]:
    """Answer what addresses are about: kind and place → the argument. A new kind of thing is added here."""
    places = world.places
    return {
        ("school", "своё"): places.listed.pk,
        ("school", "рядом"): places.passed.pk,
        ("school", "регион"): places.gymnasium.pk,
        ("school", "чужое"): places.foreign.pk,
        ("region", "своё"): "25",
        ("region", "чужое"): "22",
        ("file", "своё"): world.own_file.pk,
        ("file", "чужое"): world.far_file.pk,
        ("file", "страна"): world.country_file.pk,
        ("desk", "своё"): world.own_desk.key,
        ("desk", "чужое"): world.far_desk.key,
        ("list", "своё"): world.own.pk,
        ("list", "чужое"): world.far.pk,
        ("list", "страна"): world.country.pk,
        ("draft", "своё"): world.own_draft.pk,
        ("draft", "чужое"): world.far_draft.pk,
        ("review", "своё"): world.own_review.pk,
        ("review", "чужое"): world.far_review.pk,
        ("onlist", "своё"): (world.own_review.pk, places.listed.pk),
        ("onlist", "чужое"): (world.far_review.pk, places.foreign.pk),
        ("objection", "своё"): world.own_objection.pk,
        ("objection", "чужое"): world.far_objection.pk,
        ("scenario", "своё"): world.own_scenario.pk,
        ("scenario", "чужое"): world.far_scenario.pk,
        ("choice", "своё"): world.own_choice.pk,
        ("choice", "чужое"): world.far_choice.pk,
        ("survey", "своё"): world.own_campaign.pk,
        ("survey", "чужое"): world.far_campaign.pk,
        ("prepared", "своё"): world.own_prepared.pk,
        ("prepared", "чужое"): world.far_prepared.pk,
        ("beginning", "своё"): (world.own_prepared.pk, "open"),
        ("beginning", "чужое"): (world.far_prepared.pk, "open"),
        ("ending", "своё"): (world.own_campaign.pk, "close"),
        ("ending", "чужое"): (world.far_campaign.pk, "close"),
        ("form", "страна"): "parent-2026",
        ("form", "своё"): world.own_form.name,
        ("form", "чужое"): world.far_form.name,
        ("formdraft", "своё"): world.own_draft_form.name,
        ("formdraft", "чужое"): world.far_draft_form.name,
        ("formending", "своё"): (world.own_ending_form.name, "withdraw"),
        ("formending", "чужое"): (world.far_ending_form.name, "withdraw"),
        ("surveyed", "своё"): (world.own_campaign.pk, places.listed.pk),
        ("surveyed", "чужое"): (world.far_campaign.pk, places.foreign.pk),
        ("ended", "своё"): world.own_profiled.pk,
        ("ended", "чужое"): world.far_profiled.pk,
        ("profiled", "своё"): (world.own_profiled.pk, places.listed.pk),
        ("profiled", "чужое"): (world.far_profiled.pk, places.foreign.pk),
        ("paper", "своё"): (world.own_profiled.pk, places.listed.pk, "docx"),
        ("paper", "чужое"): (world.far_profiled.pk, places.foreign.pk, "docx"),
        ("visit", "своё"): world.own_visit.pk,
        ("visit", "чужое"): world.far_visit.pk,
        ("protocol", "своё"): (world.own_visit.pk, "docx"),
        ("protocol", "чужое"): (world.far_visit.pk, "docx"),
        ("photo", "своё"): (world.own_visit.pk, world.own_photo.digest),
        ("photo", "чужое"): (world.far_visit.pk, world.far_photo.digest),
        ("link", "своё"): world.own_link.pk,
        ("link", "чужое"): world.far_link.pk,
        ("codes", "своё"): (world.own_link.pk, "codes"),
        ("codes", "чужое"): (world.far_link.pk, "codes"),
        ("token", "своё"): world.own_link.token,
        ("pack", "своё"): world.own_pack.pk,
        ("pack", "чужое"): world.far_pack.pk,
        ("typed", "своё"): (world.own_pack.pk, 1, "second"),
        ("typed", "чужое"): (world.far_pack.pk, 1, "second"),
        ("check", "своё"): world.own_check.pk,
        ("check", "чужое"): world.far_check.pk,
        ("dropping", "своё"): (world.own_empty.pk, "drop"),
        ("dropping", "чужое"): (world.far_empty.pk, "drop"),
        ("finishing", "своё"): (world.own_check.pk, "end"),
        ("finishing", "чужое"): (world.far_check.pk, "end"),
        ("summary", "своё"): (world.own_check.pk, "docx"),
        ("summary", "чужое"): (world.far_check.pk, "docx"),
        ("sheet", "своё"): (world.own_check.pk, places.listed.pk),
        ("sheet", "чужое"): (world.far_check.pk, places.foreign.pk),
        ("section", "своё"): (world.own_empty.pk, places.listed.pk, "rules"),
        ("section", "чужое"): (world.far_empty.pk, places.foreign.pk, "rules"),
        ("note", "своё"): (world.own_check.pk, places.listed.pk, "docx"),
        ("note", "чужое"): (world.far_check.pk, places.foreign.pk, "docx"),
        ("measure", "своё"): (world.own_check.pk, places.listed.pk, "regulation"),
        ("measure", "чужое"): (world.far_check.pk, places.foreign.pk, "regulation"),
        ("repair", "своё"): world.own_repair.pk,
        ("repair", "чужое"): world.far_repair.pk,
        ("municipality", "своё"): places.lake.pk,
        ("municipality", "регион"): places.city.pk,
        ("municipality", "чужое"): places.far.pk,
        ("appointment", "своё"): world.people.director.appointments.get().pk,
        ("appointment", "регион"): world.people.neighbour.appointments.get().pk,
        ("appointment", "чужое"): world.people.far_director.appointments.get().pk,
        ("deputyship", "своё"): world.own_deputyship.pk,
        ("deputyship", "чужое"): world.far_deputyship.pk,
        ("invitation", "своё"): world.own_invited.invitation.pk,
        ("invitation", "чужое"): world.far_invited.invitation.pk,
        ("secret", "—"): world.own_invited.secret,
        ("order", "своё"): world.own_order.pk,
        ("order", "чужое"): world.far_order.pk,
        ("person", "своё"): world.people.director.pk,
        ("person", "регион"): world.people.neighbour.pk,
        ("person", "чужое"): world.people.far_director.pk,
        ("change", "своё"): (places.listed.pk, world.own_change.pk),
        ("change", "чужое"): (places.foreign.pk, world.far_change.pk),
        ("system", "—"): "unknown",
        ("letter", "—"): ("1", "forged-1"),
    }


def read_table(text: str) -> list[Line]:
    """Read the table: lines of cells between bars; what begins with # is said to the reader."""
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in text.splitlines()
        if "|" in line and not line.startswith("#") and not set(line) <= set("-|+ ")
    ]
    head, *body = rows
    assert head == ["адрес", "место", *PEOPLE], head
    lines = []
    for address, place, *answers in body:
        found = re.fullmatch(r"(GET|POST) ([\w:]+)(?:\((\w+)\))?", address)
        assert found and len(answers) == len(PEOPLE), address
        told = dict(zip(PEOPLE.values(), answers, strict=True))
        lines.append(Line(found[1], found[2], found[3] or "", place, told))
    return lines


def named_addresses() -> set[str]:
    """Walk the resolver: the names of all addresses of the program; one without is told as its text.

    An address with several names, ours and a library's, is told once, by the first.
    """
    found: dict[str, str] = {}

    def walk(patterns: list, spaces: tuple[str, ...], before: str) -> None:
        for one in patterns:
            text = f"{before}{one.pattern}"
            if isinstance(one, URLPattern):
                found.setdefault(text, ":".join([*spaces, one.name or f"no name: {text}"]))
            else:
                walk(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces, text)

    walk(get_resolver().url_patterns, (), "")
    return set(found.values())


def ask(browser, line: Line, world: SimpleNamespace):
    """Ask one address and take back whatever it changed in the database."""
    with transaction.atomic():
        send = browser.get if line.method == "GET" else browser.post
        answer = send(line.address(world), *([BODIES.get(line.name, {})] if line.method == "POST" else []))
        transaction.set_rollback(True)
    return answer


def word(answer) -> str:
    """Say an answer in the table's word."""
    if answer.status_code == 302:
        return "вход" if answer.headers["Location"].startswith("/sign-in/") else "ведёт"
    return {200: "да", 404: "нет", 403: "нельзя", 422: "ошибки", 405: "не так"}.get(
        answer.status_code, str(answer.status_code)
    )


def drawn(lines: list[Line], answers: dict[tuple[str, str, str], str]) -> str:
    """Draw the table with these answers, as it stands in the file."""
    rows = [["адрес", "место", *PEOPLE]]
    for line in lines:
        told = [
            answers.get((line.title(), line.place, who), line.answers.get(who, "?"))
            for who in PEOPLE.values()
        ]
        rows.append([line.title(), line.place, *told])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def asked_in_turn(browser, world: SimpleNamespace, who: str, lines: list[Line]):
    """Ask each address as somebody, or nobody, and give the answers; none meets what another left."""
    if who != "anonymous":
        browser.force_login(getattr(world.people, who))
    signed_in = browser.cookies.output(header="", sep=";")
    for line in lines:
        browser.cookies = SimpleCookie(signed_in)  # an address may end the session; its row comes back
        yield line, ask(browser, line, world)


def foreign_words(answer, who: str) -> list[str]:
    """Answer the marks of foreign places in everything that was answered, addresses included."""
    text = answer.getvalue().decode(errors="replace") + str(answer.headers)
    # A number is a mark where it stands alone: within a digest it means nothing.
    return [mark for mark in marks_foreign_to(who) if re.search(rf"(?<![0-9A-Za-z]){mark}(?![0-9a-z])", text)]


LINES = read_table(TABLE.read_text(encoding="utf-8"))
