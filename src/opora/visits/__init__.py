"""Visits of a curator to a school: planned, held with or without a line, told record by record."""
