"""What readers report as wrong: the form and the thanks. Nothing of a report is ever shown in public."""

from starlette.routing import Route

from web.reports.report_page import report_page

PAGES = (Route("/moeder/{meeting_id}/fejl", report_page, methods=["GET", "POST"]),)

__all__ = ["PAGES"]
