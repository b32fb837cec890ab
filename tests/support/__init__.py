"""What several tiers of tests stand on."""
