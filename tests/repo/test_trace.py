"""Every deed leaves its trace: a function of an actions.py that writes rows records what it did."""

import ast

import pytest

from tests.repo.test_rooms import is_address_of_writes, writes_in
from tests.repo.tree import modules, place, report, room, tree

# Public functions that write rows and record nothing, each with its reason.
UNRECORDED = {
    "accounts.forget_claims": "a part of signing in, which is recorded",
    "accounts.count_try": "a counter of tries, not a deed; refusals are recorded by record_refusal",
    "accounts.take_back": "a counter of tries, not a deed of a person",
    "accounts.renew_session": "a new key of the same session, a step of signing in",
    "accounts.begin_session": "a part of signing in, which is recorded",
    "accounts.end_sessions": "a part of signing out, of a new password, of leaving: recorded there",
    "accounts.see_session": "when a session was last seen, written at every page",
    "audit.record": "it is the record",
    "diagnostics.note_written": "letters of a reminder that is recorded: remind_now, remind_on_its_day",
    "office.note_visit": "when a person last looked into their own office, a reading and no deed",
    **{
        f"diagnostics.{name}": "typing of an anonymous sheet: a trace would tell who typed which, and when"
        for name in ("enter_sheet", "decide_sheet")
    },
    **{
        f"results.{name}": "a file on its way to the deed that is recorded when it is read: accept_files"
        for name in (
            *("announce_files", "take_piece", "clear_from_desk", "begin_reading", "note_read"),
            *("note_not_read", "wait_again"),
        )
    },
    "registry.load_regions": "regions come with the program, the same everywhere; a migration calls it too",
}


def functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """Answer the functions that stand at the top of a module."""
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def calls(function: ast.FunctionDef) -> set[str]:
    """Answer the plain names that a function calls."""
    found = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {name.id for name in found if isinstance(name, ast.Name)}


def reached(name: str, known: dict[str, ast.FunctionDef]) -> set[str]:
    """Answer a function with all of its module that it comes to by calls."""
    found, ahead = set(), [name]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += calls(known[here]) & set(known)
    return found


def silent(module: ast.Module) -> list[str]:
    """List the public functions of a module that write rows and record nothing."""
    known = functions(module)
    found = []
    for name in known:
        way = [known[one] for one in reached(name, known)]
        writes = any(writes_in(ast.Module([one], [])) for one in way)
        if not name.startswith("_") and writes and not any("record" in calls(one) for one in way):
            found.append(name)
    return found


def test_every_deed_that_writes_leaves_a_trace():
    """Каждое действие, которое пишет строки, оставляет запись в журнале."""
    faults = [
        f"{place(path)}: {name} writes and records nothing"
        for path in modules()
        if is_address_of_writes(path)
        for name in silent(tree(path))
        if f"{room(path)}.{name}" not in UNRECORDED
    ]
    report(faults, "call opora.audit.actions.record in the deed's transaction, or give a reason here:")


def test_every_exception_still_exists_and_says_why():
    """В списке исключений нет лишних."""
    found = {
        f"{room(path)}.{name}"
        for path in modules()
        if is_address_of_writes(path)
        for name in silent(tree(path))
    }
    assert set(UNRECORDED) <= found
    assert all(len(reason.split()) > 3 for reason in UNRECORDED.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def add():\n    School.objects.create(name='x')", ["add"]),
        ("def add():\n    School.objects.create(name='x')\n    record('a.add', None)", []),
        ("def add():\n    _keep()\ndef _keep():\n    School.objects.create(name='x')", ["add"]),
        (
            "def add():\n    _keep()\ndef _keep():\n    one.save()\n    _in()\ndef _in():\n    record()",
            [],
        ),
        ("def look():\n    return School.objects.all()", []),
        ("def _keep():\n    school.save()", []),
    ],
)
def test_silent_deeds_are_told_from_those_that_record(text, expected):
    assert silent(ast.parse(text)) == expected
