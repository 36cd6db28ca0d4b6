"""A log copied to another store, where it goes on: its rows, and the place that they go to."""
