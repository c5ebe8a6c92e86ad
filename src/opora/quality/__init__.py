"""Checks of schools' own quality assessment (проверка ВСОКО): sheets, journal marks, plans of repairs."""
