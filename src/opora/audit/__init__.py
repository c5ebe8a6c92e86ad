"""The trace of every deed: who did what, in which role, to what; chained so that a change of it shows."""
