"""Every type of event, each declared once beside its fold, and what follows from the declarations."""
