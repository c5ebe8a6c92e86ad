"""Marks of external works beside the school's journal: a page, and a sentence beside a criterion."""
