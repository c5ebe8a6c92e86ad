"""Opora (Опора): the information system of projects that support schools with low results."""

__version__ = "0.1.0"
