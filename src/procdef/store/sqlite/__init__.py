"""A log in a SQLite file: the store, its transactions, and the file that others may write to, replace or copy."""
