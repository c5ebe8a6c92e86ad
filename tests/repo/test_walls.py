"""Every table of a place has its second wall: a new model without policies is found here."""

import re

import pytest
from django.apps import apps
from django.db import connection

PLACES = {"region", "municipality", "school", "territory", "chain"}
# Belongs to a place through another row, or is the place itself.
ALSO = {"registry.Municipality", "registry.School", "results.ImportedFile", "results.DeskFile", "audit.Chain"}
# What has a place's column and belongs to nobody: public knowledge of the country.
PUBLIC = {"registry.Region", "registry.RetiredRegion"}
POLICIES = {"seen": "r", "put": "a", "changed": "w", "taken_away": "d"}


def models_of_places():
    """List the models whose rows belong to a region, a municipality or a school."""
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        places = {
            field.related_model.__name__ for field in model._meta.concrete_fields if field.related_model
        }
        of_place = names & PLACES or places & {"Region", "Municipality", "School"}
        label = model._meta.label
        if model.__module__.startswith("opora.") and (of_place or label in ALSO) and label not in PUBLIC:
            found.append(model)
    return found


def test_the_models_of_places_are_found():
    labels = {model._meta.label for model in models_of_places()}
    assert labels >= ALSO | {"registry.Appointment", "results.ImportBatch", "audit.Event"}
    assert labels >= {f"identification.{name}" for name in ("Run", "Verdict", "Evidence", "PlaceCount")}


@pytest.mark.django_db
@pytest.mark.parametrize("model", models_of_places(), ids=lambda model: model._meta.label)
def test_a_table_of_a_place_has_row_level_security_and_a_policy_for_each_deed(model):
    """У каждой таблицы школы или территории включена построчная защита и есть правило на каждое действие."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        assert cursor.fetchone() == (True,), f"{model._meta.db_table}: add it to a Belongs(…) of a migration"
        cursor.execute(
            """SELECT polname, polcmd::text, polroles::regrole[]::text[], polpermissive
               FROM pg_policy WHERE polrelid = %s::regclass""",
            [model._meta.db_table],
        )
        ours = {name: (command, ["opora_app"], True) for name, command in POLICIES.items()}
        of_the_country = {"seen_all": ("r", ["opora_country"], True)}
        assert {row[0]: row[1:] for row in cursor.fetchall()} == ours | of_the_country


@pytest.mark.django_db
def test_policies_ask_the_scope_once_a_statement():
    """Область видимости вычисляется раз за запрос: в правилах она стоит во вложенном SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies "
            "WHERE policyname <> 'seen_all'"
        )
        for table, text in cursor.fetchall():
            assert set(re.findall(r"(\w+|\W) ?opora_\w+\(\)", text)) == {"SELECT"}, (table, text)
            assert text.split()[0] == "CASE", (table, text)


@pytest.mark.django_db
def test_functions_that_pass_by_the_wall_are_known_and_closed_to_others():
    """У каждой функции с правами владельца закреплён путь поиска, и позвать её может только страница."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE'),
                      has_function_privilege('opora_app', oid, 'EXECUTE')
               FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"""
        )
        found = {name: rest for name, *rest in cursor.fetchall()}
    closed = [["search_path=public, pg_temp"], False, True]
    scope = (
        "opora_enter",
        "opora_accepted",
        "opora_source_names",
        "opora_own_places",
        "opora_is_appointed",
        "opora_invited",
        "opora_next_waiting",
        "opora_forget_desks",
        "opora_survey",
        "opora_answer",
        "opora_mix_sheets",
        "opora_answered",
        "opora_forget_links",
        "opora_enters_paper",
        "opora_on_paper",
        "opora_set_aside",
        "opora_take_pack",
        "opora_forget_packs",
        "opora_schools_beside",
        "opora_form",
        "opora_forms_for",
    )
    trace = (
        "audit_next", "audit_anchor_day", "audit_event_continues_its_chain", "audit_note_changes",
        "audit_event_takes_its_changes",
    )  # fmt: skip
    assert found == dict.fromkeys(scope + trace, closed)
