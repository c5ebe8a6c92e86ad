"""Small things that know nothing of schools."""
