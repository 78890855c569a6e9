"""Every address of the portal."""

from django.urls import include, path

from apframework import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("accounts.urls")),
    path("audit/", include("audit.urls")),
    path("outbox/", include("outbox.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/linked/", include("allauth.socialaccount.urls")),
    path("account/linked/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
