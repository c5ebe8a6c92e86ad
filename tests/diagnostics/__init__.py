"""Surveys, answers, and who may know what of them."""
