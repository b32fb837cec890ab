"""Logs of an applied stack: which there are, what they say, and the questions kept for them."""
