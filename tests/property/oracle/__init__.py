"""What the language's page says that steps come to, worked out with plain dictionaries and none of procdef's code."""
