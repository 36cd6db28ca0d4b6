"""Processes played by chance: what is assumed of deals and people, and what comes of it."""
