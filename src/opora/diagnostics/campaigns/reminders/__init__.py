"""Reminds schools, never people who answer, of a survey that ends soon (напоминания)."""
