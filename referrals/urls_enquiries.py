"""Addresses of enquiries, offers, the choice, and what the chosen provider reads."""

from django.urls import path

from referrals.views import asking, choosing, known, offering

urlpatterns = [
    path("referrals/<int:pk>/ask/", asking.ask_providers, name="ask_providers"),
    path("referrals/<int:pk>/offers/", choosing.offers, name="offers"),
    path("enquiries/<int:pk>/choose/", choosing.choose_offer, name="choose_offer"),
    path("referrals/<int:pk>/undo-choice/", choosing.undo_choice, name="undo_choice"),
    path("organisations/<int:pk>/enquiries/", offering.enquiries, name="enquiries"),
    path("enquiries/<int:pk>/", offering.enquiry, name="enquiry"),
    path("enquiries/<int:pk>/offer/", offering.make_offer, name="make_offer"),
    path("enquiries/<int:pk>/decline/", offering.decline_enquiry, name="decline_enquiry"),
    path("organisations/<int:pk>/pupils-with-us/", known.known_pupils, name="known_pupils"),
    path("pupils-with-us/<int:pk>/", known.known_pupil, name="known_pupil"),
    path("pupils-with-us/<int:pk>/files/<int:file>/", known.known_file, name="known_file"),
]
