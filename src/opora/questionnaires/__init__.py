"""Questionnaires as data (анкеты): what is asked of whom, and what an answer may be; no system around."""
