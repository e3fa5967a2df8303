"""Meetings recorded while they are broadcast, and what is told of their gaps."""
