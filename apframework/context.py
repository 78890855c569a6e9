"""What every page knows."""

from __future__ import annotations

from django.conf import settings

from apframework import look, navigation


def small_print() -> dict:
    """The names on the page and the state of the house: enough for a page that must not ask anything of anybody."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "council_name": settings.COUNCIL_NAME,
        "phase": settings.PHASE,
        "demo": settings.DEMO,
        "contact_email": settings.COUNCIL_CONTACT_EMAIL,
        "contact_phone": settings.COUNCIL_CONTACT_PHONE,
        "theme_version": look.version(),
    }


def portal(request) -> dict:
    """No query is made here: a page that shows no navigation pays for none."""
    return small_print() | {"navigation": navigation.Navigation(request)}
