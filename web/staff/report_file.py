"""`/drift/rapport/YYYY-MM-DD`: what a night came to, as it was written down then."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.security import POLICY_HEADER
from web.site import site_of
from web.staff.operation_page import PRIVATE, for_staff

KINDS = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
# The report goes by mail as well, and so has its style within it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def report(request: Request) -> Response:
    for_staff(request)
    day = request.path_params["day"]
    folder = site_of(request).settings.reports_folder
    for suffix, kind in KINDS.items() if _DAY.fullmatch(day) else ():
        file = folder / f"{day}{suffix}"
        if file.is_file():
            headers = PRIVATE | {POLICY_HEADER: POLICY, "content-type": kind}
            return Response(file.read_bytes(), headers=headers)
    raise HTTPException(404)
