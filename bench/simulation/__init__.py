"""Made-up council meetings with known item times, to fit and to try the placing of agenda items on.

What the chair says is drawn from families of phrases; a family can be kept aside, so that what is measured is
phrases that nothing was fitted to. Debates are real speech from parliament, mixed with sentences on the item.
"""

from bench.simulation.meeting import Kind, Made, make_meeting

__all__ = ["Kind", "Made", "make_meeting"]
