"""Building blocks, one AWS capability a file: safe as they are, weakened only by a field that says so."""
