"""Paper: a questionnaire to print and fill in by hand, and the double entry of what was filled in."""
