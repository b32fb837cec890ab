"""Generated files: what they should be, and how the committed ones differ."""
