"""The numbers of a check that are not a methodology's: our own defaults, said so where they are shown."""

SUMMED_FROM = 3  # checked sheets from which they are summed up: of fewer a sum would be a school's
