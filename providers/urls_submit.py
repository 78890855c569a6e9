"""Addresses of checking, submitting, the receipt, the copy, and withdrawing."""

from django.urls import path

from providers.views import submissions, submitting

urlpatterns = [
    path("applications/<int:pk>/check/", submitting.check_application, name="check_application"),
    path("applications/<int:pk>/submit/", submitting.submit_application, name="submit_application"),
    path("applications/<int:pk>/withdraw/", submitting.withdraw_application, name="withdraw_application"),
    path("submissions/<int:pk>/", submissions.submission, name="submission"),
    path("submissions/<int:pk>/submission.json", submissions.submission_file, name="submission_file"),
    path("submissions/<int:pk>/receipt/", submissions.receipt, name="receipt"),
    path("submissions/<int:pk>/receipt.pdf", submissions.receipt_pdf, name="receipt_pdf"),
]
