"""A static site on its way into its bucket and through CloudFront: ``groundplan deploy-site``."""
