"""Pages as PDF: tagged (PDF/UA-1), made of our own assets and of pictures handed in by name, and of nothing else.

The same template, context and `at` give the same bytes. Templates stand in `templates/pdf/` and extend `pdf/base.html`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

_FONTS = {
    "fonts/regular.woff2": "atkinson-hyperlegible-latin-400-normal.woff2",
    "fonts/bold.woff2": "atkinson-hyperlegible-latin-700-normal.woff2",
}
_STYLE = Path(__file__).with_name("pdf.css")


class Refused(ValueError):
    """A template asked for something that is neither an asset of ours nor a picture that was handed in."""


def _asset(name: str) -> tuple[bytes, str]:
    if name == "pdf.css":
        return _STYLE.read_bytes(), "text/css"
    if name in _FONTS:
        return Path(settings.STATICFILES_DIRS[0], "fonts", _FONTS[name]).read_bytes(), "font/woff2"
    raise Refused(f"There is no asset {name}")


def _fetcher(pictures: Mapping[str, bytes]):
    """`asset:///…` and `picture:///…`; whatever else is asked for stops the rendering, and no socket is opened.
    WeasyPrint is imported here because it is slow to load and few processes ever print."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurOwn(URLFetcher):
        def fetch(self, url, headers=None):
            scheme, _, name = url.partition(":///")
            if scheme == "asset":
                body, kind = _asset(name)
            elif scheme == "picture" and name in pictures:
                body = pictures[name]
                kind = "image/png" if body.startswith(b"\x89PNG") else "image/svg+xml"
            else:
                raise Refused(f"A PDF may not load {url[:200]}")
            about = Message()
            about["Content-Type"] = kind
            return URLFetcherResponse(url, io.BytesIO(body), about)

    return OurOwn(fail_on_errors=True)


def render(template: str, context: Mapping, *, at: dt.datetime, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a template. `pictures` are PNG or SVG bytes by name, shown with `<img src="picture:///name">`; `at` is
    the moment that the document states as its own. Raises weasyprint's FatalURLFetchingError, caused by `Refused`, when
    the template asks for anything else."""
    from weasyprint import HTML

    ours = {"at": at, "made_at": at.astimezone(dt.UTC).isoformat("T", "seconds")}
    ours |= {"council_name": settings.COUNCIL_NAME, "portal_name": settings.PORTAL_NAME}
    html = render_to_string(template, ours | dict(context))
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    document = HTML(string=html, base_url="asset:///", url_fetcher=_fetcher(pictures or {}))
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=identifier)


def response(name: str, pdf: bytes) -> HttpResponse:
    """A PDF to be saved as `name`."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
