"""Processes beside the server's own that make the pages which take most work: those of a search.

Python does one thing at a time in a process, so a second core is of no use to pages without a second process. The server
keeps what there must be one of (limits, numbers, clips that wait) and hands over what only reads.
"""

from web.beside.makers import MadeBeside, Makers, makers_wanted

__all__ = ["MadeBeside", "Makers", "makers_wanted"]
