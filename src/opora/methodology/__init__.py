"""The methodology: tables of results in, explained verdicts out; no framework, database, clock or chance."""
