"""Diagnostics: surveys of schools, answers that nobody can trace to a person, and the risk profile."""
