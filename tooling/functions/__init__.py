"""Functions of an architecture: found in an applied stack, run, and built from their sources."""
