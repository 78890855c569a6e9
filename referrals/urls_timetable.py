"""Addresses of where everybody is today, and calendar feeds."""

from django.urls import path

from referrals.views import feeds, pupil_week, today

urlpatterns = [
    path("organisations/<int:pk>/today/", today.today, name="today"),
    path("pupils/<int:pk>/week/", pupil_week.pupil_week, name="pupil_week"),
    path("organisations/<int:pk>/calendar/", feeds.feeds, name="feeds"),
    path("organisations/<int:pk>/calendar/make/", feeds.make_feed, name="make_feed"),
    path("feeds/<int:pk>/end/", feeds.revoke_feed, name="revoke_feed"),
    path("calendar/<str:token>.ics", feeds.feed, name="feed"),
]
