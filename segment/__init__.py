"""A transcript and an agenda become agenda items with times."""

from segment.index_points import IndexPoint, index_points
from segment.placing import place_items

__all__ = ["IndexPoint", "index_points", "place_items"]
