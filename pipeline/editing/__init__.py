"""What people change in a meeting: when its items were taken, what was said, and what nobody may read or hear."""
