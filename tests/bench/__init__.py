"""How fast it is, measured beside the limit of the machine and beside other tools; never asserted."""
