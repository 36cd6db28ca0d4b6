"""The log's meaning: whether every step was one that its definition allows, and what is stored is what the events come to."""
