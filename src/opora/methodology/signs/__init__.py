"""Signs of biased results (признаки необъективности), shown beside a verdict and never in it."""
