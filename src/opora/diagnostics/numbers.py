"""The numbers of a survey that are not a methodology's: our own defaults, said so where they are shown."""

GRACE = 7  # days after the last one on which a sheet that was filled in without a line is still taken
TOGETHER = 5  # sheets of a link that are put among the others at once, so that none is told by its moment
