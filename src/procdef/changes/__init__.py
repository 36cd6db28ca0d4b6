"""What changed between two versions of a process: one list for everybody who asks, and what each change means."""
