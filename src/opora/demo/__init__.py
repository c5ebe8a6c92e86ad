"""A believable region made from one seed, written as files in the real formats."""
