"""Identification: runs of an edition over the results, and the lists that people publish from them."""
