"""Checks: begun for the schools of a place, followed live, ended, summed up without naming a school."""
