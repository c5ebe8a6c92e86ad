"""A school's sheet: filled in by sections, checked by the municipality, signed by both, printed."""
