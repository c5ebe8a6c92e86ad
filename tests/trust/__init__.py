"""Proofs that people can trust the system: access, the trace, the history of schools."""
