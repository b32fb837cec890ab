"""Container images: their tags, the repository of a stack, what is pushed to it and what its scans found."""
