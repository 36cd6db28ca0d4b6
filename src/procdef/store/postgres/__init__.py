"""A log in a schema of PostgreSQL: the store, its transactions, its tables, and who may do what with them."""
