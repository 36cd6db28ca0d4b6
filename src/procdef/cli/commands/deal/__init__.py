"""Commands that carry a deal, and show it."""
