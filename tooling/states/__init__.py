"""States in their bucket: what they hold, their history, their backups."""
