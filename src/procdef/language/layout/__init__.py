"""Lines at a wrong place, and signs that were left out: found by mending the file and looking whether it is sound then."""
