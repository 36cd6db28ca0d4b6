"""The tables that are made from the events: each column a second time, from docs/log.md and by nobody's code but this."""
