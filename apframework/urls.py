"""Every address of the portal."""

from django.urls import include, path

from apframework import health, views

handler400 = "apframework.errors.bad_request"
handler403 = "apframework.errors.permission_denied"
handler404 = "apframework.errors.page_not_found"
handler500 = "apframework.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("theme.css", views.theme, name="theme"),
    path("account/", views.your_account, name="your_account"),
    path("help/", views.help, name="help"),
    path("cookies/", views.cookies, name="cookies"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("patterns/", views.pattern_book, name="pattern_book"),
    path("patterns/chart.svg", views.pattern_chart, name="pattern_chart"),
    path("", include("accounts.urls")),
    path("audit/", include("audit.urls")),
    path("outbox/", include("outbox.urls")),
    path("jobs/", include("jobs.urls")),
    path("", include("lots.urls")),
    path("", include("lots.urls_setup")),
    path("", include("lots.urls_policies")),
    path("", include("lots.urls_places")),
    path("", include("providers.urls")),
    path("", include("providers.urls_submit")),
    path("", include("providers.urls_profile")),
    path("", include("providers.urls_standards")),
    path("", include("providers.urls_round")),
    path("", include("providers.urls_seats")),
    path("", include("contracts.urls")),
    path("", include("evaluation.urls")),
    path("", include("referrals.urls")),
    path("", include("monitoring.urls")),
    path("notices/", include("notices.urls")),
    path("account/", include("accounts.urls_sign_in")),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/linked/", include("allauth.socialaccount.urls")),
]
