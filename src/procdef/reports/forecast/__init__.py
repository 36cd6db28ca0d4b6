"""What open deals and new ones are likely to bring, month by month, and how far such a forecast was off."""
