"""Diagnostics: surveys of schools, answers that nobody can trace to a person, the risk profile behind them."""
