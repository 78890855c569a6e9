"""Error pages that no link leads to, in a real browser."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory

from apframework import errors

PAGES = {
    400: lambda request: errors.bad_request(request),
    413: lambda request: errors.bad_request(request, RequestDataTooBig()),
    500: lambda request: errors.server_error(request),
}


@pytest.mark.parametrize("status", sorted(PAGES))
def test_a_page_about_a_fault_is_for_everybody(status, world, window, violations, too_wide):
    request = RequestFactory().get("/")
    request.id = "4f0c1d9a77b2"
    body = PAGES[status](request).content.decode()
    page = window()
    page.route("**/fault/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto("/fault/")

    found = violations(page)
    page.set_viewport_size({"width": 320, "height": 640})

    assert (found, too_wide(page), page.complaints) == ([], [], [])
    assert page.locator(".portal-reference").inner_text() == "4f0c1d9a77b2"
