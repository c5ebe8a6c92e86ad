"""Answering (ответы): a questionnaire for whoever has its address, and how a sheet is taken once."""
