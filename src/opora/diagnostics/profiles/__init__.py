"""Risk profiles (РПШ) of a survey: made when it has ended, kept school by school, shown and printed."""
