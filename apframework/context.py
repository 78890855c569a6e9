"""What every page knows."""

from django.conf import settings


def portal(request):
    """The council's name and the state of the house; no query is made here."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "council_name": settings.COUNCIL_NAME,
        "phase": settings.PHASE,
        "demo": settings.DEMO,
        "contact_email": settings.COUNCIL_CONTACT_EMAIL,
        "contact_phone": settings.COUNCIL_CONTACT_PHONE,
    }
