"""What is meant for a bad day, tried on a good one: ``groundplan drill``."""
