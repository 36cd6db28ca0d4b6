"""What to tell people about a refusal: what is missing, what to do about it, who can, and which command does it."""
