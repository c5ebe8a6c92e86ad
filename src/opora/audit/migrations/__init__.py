"""How the tables of the trace came to be."""
