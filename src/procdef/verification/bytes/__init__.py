"""The log's bytes held against themselves."""
