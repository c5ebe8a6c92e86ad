"""Signs of bias (признаки необъективности): beside the verdict, never within it."""
