"""Taking over what exists: import blocks for a stack, found by its configuration, proved before anything moves."""
