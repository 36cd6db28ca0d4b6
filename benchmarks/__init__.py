"""What procdef costs, always beside something that does the same work: ratios within one run, never bare times."""
