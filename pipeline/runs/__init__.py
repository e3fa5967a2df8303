"""Meetings brought up to date: the steps, in which order, by which runner, and what stands in the way."""
