"""The tree over all events, its keys and the notes signed over it."""
