"""The shape of a process file: its tree held against the schema, and what no schema can say."""
