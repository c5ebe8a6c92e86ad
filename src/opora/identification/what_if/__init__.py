"""What if (что, если): a run's rule with other numbers, tried in memory before anything is signed."""
