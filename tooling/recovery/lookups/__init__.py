"""Finding what may have been made, a file a service. Adding a file is enough: nothing lists them."""
