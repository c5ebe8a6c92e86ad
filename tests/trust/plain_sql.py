"""Asks the database in plain SQL, as whoever acts: what it shows is what its own wall lets through."""

from django.db import connection


def rows(table, columns="*"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")
        return cursor.fetchall()


def ids(table, column="id"):
    return {row[0] for row in rows(table, column)}


def state():
    """Answer how the database stands to whoever asks: the role, and the scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT current_setting('role'), opora_person(), opora_country(), opora_regions(),
               opora_municipalities(), opora_schools(), opora_around_regions()"""
        )
        return cursor.fetchone()
