"""Proofs that people can trust the system: what must be refused is refused, and every deed leaves a trace."""
