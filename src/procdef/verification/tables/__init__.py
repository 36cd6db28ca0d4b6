"""The tables of a log as rows: their layout, what their columns hold, and rows that are read alongside the streams."""
