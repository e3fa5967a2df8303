"""A transcript and an agenda become agenda items with times."""

from segment.placing import place_items

__all__ = ["place_items"]
