"""Assumptions from a log: what became of its deals, counted in one pass, and made into a file that people can change."""
