"""The RDS databases of an applied stack: copies of them, copies brought back, and who may do what in them."""
