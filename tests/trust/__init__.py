"""Proofs that people may rely on: access, the trace, the history of schools."""
