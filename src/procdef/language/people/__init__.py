"""Files of people: reading and checking a directory of who has which roles."""
