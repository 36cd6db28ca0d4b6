"""A log in memory."""
