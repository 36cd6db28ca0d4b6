"""What an event of the log is: its form, its bytes, its hashes, the tree over all events, keys and signed notes."""
