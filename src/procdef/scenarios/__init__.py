"""Scenarios: what a process is expected to do with a deal, played by the engine itself, and what of the process that tried."""
