"""Readers of the files people have: recognised by content, parsed, counted and discarded."""
