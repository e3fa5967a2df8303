"""Copies of the whole archive that can be put back."""
