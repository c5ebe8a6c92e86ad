"""The numbers of a survey that are not a methodology's: our own defaults, said so where they are shown."""

DEFAULT_PROFILE = "opora-2026"  # the edition of the risk profile that a survey has unless told otherwise
GRACE = 7  # days after the last one on which a sheet that was filled in without a line is still taken
TOGETHER = 5  # sheets of a link that are put among the others at once, so that none is told by its moment
REMINDS = (7, 2)  # days before the last one on which schools that are behind are reminded
ENOUGH = 80  # percent of the invited: where as many answered in every group, nobody is reminded
AWAKE_FROM, AWAKE_UNTIL = 9, 18  # hours of a school's own time between which letters go out
MOST_SHEETS = 100  # of one pack: as many as two people type in a day
USUAL_DIFFERING = 0.006  # of answers typed twice: 0.29 % faults in each entry (docs/adr/0028)
MANY_DIFFERING = 0.03  # from here on we advise to look how the sheets are typed
