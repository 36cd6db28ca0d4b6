"""What a simulation assumes of deals and of people: read from a file, fitted to a log, or taken from the process itself."""
