"""What browsers ask for by themselves: the icon, and what the archive is called on a phone's first screen."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from web.site import site_of
from web.static_files import static

DAY = {"cache-control": "public, max-age=86400"}


def favicon(request: Request) -> Response:
    """Browsers that read no page first look here."""
    return RedirectResponse(static("icon.svg"), 302, DAY)


def manifest(request: Request) -> Response:
    """A web app manifest: a name and an icon. The archive opens in the browser, with its address in sight."""
    name = site_of(request).settings.site_name
    written = {
        "name": name,
        "short_name": name[:24],
        "lang": "da",
        "start_url": "/",
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": "#17324a",
        "icons": [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JSONResponse(written, media_type="application/manifest+json", headers=DAY)
