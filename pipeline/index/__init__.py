"""The search index follows the catalogue."""
