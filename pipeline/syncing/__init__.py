"""What the portals of municipalities have, and what it means for the catalogue."""
