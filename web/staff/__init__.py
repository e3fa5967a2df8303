"""What staff see: what runs now, what waits, what failed and what needs a person, and the reports of the nights."""

from starlette.routing import Route

from web.staff.operation_page import operation
from web.staff.overview import Overlook
from web.staff.report_file import report

PAGES = (Route("/drift", operation),)
FILES = (Route("/drift/rapport/{day}", report),)

__all__ = ["FILES", "PAGES", "Overlook"]
