"""The files of recordings: fetched, looked at again, and made playable."""
