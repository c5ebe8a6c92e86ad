"""Tests of trust: what must be refused is refused, and leaves a trace."""
