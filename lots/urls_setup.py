"""Addresses of setting a framework up."""

from django.urls import path

from lots.views import publication, recovery, setup, setup_dates, setup_lines, setup_lots

urlpatterns = [
    path("organisations/<int:pk>/frameworks/start/", setup.start_framework, name="start_framework"),
    path("frameworks/<int:pk>/setup/", setup.setup_framework, name="setup_framework"),
    path("frameworks/<int:pk>/setup/about/", setup.about_framework, name="about_framework"),
    path("frameworks/<int:pk>/setup/users/", setup.framework_users, name="framework_users"),
    path("frameworks/<int:pk>/setup/lots/", setup_lots.framework_lots, name="framework_lots"),
    path("frameworks/<int:pk>/setup/lots/add/", setup_lots.add_lot, name="add_lot"),
    path("frameworks/<int:pk>/setup/lots/add-several/", setup_lots.add_lots, name="add_lots"),
    path("lots/<int:pk>/change/", setup_lots.change_lot, name="change_lot"),
    path("lots/<int:pk>/move/", setup_lots.move_lot, name="move_lot"),
    path("lots/<int:pk>/remove/", setup_lots.remove_lot, name="remove_lot"),
    path("frameworks/<int:pk>/setup/price-lines/", setup_lines.price_lines, name="price_lines"),
    path("frameworks/<int:pk>/setup/price-lines/add/", setup_lines.add_price_lines, name="add_price_lines"),
    path(
        "frameworks/<int:pk>/setup/price-lines/add-first/",
        setup_lines.add_first_price_lines,
        name="add_first_price_lines",
    ),
    path("lots/<int:pk>/price-lines/add/", setup_lines.add_price_line, name="add_price_line"),
    path("lots/<int:pk>/price-lines/copy/", setup_lines.copy_price_lines, name="copy_price_lines"),
    path("price-lines/<int:pk>/change/", setup_lines.change_price_line, name="change_price_line"),
    path("price-lines/<int:pk>/remove/", setup_lines.remove_price_line, name="remove_price_line"),
    path("frameworks/<int:pk>/setup/timetable/", setup_dates.framework_timetable, name="framework_timetable"),
    path("frameworks/<int:pk>/setup/dates/add/", setup_dates.add_key_date, name="add_key_date"),
    path("key-dates/<int:pk>/remove/", setup_dates.remove_key_date, name="remove_key_date"),
    path("frameworks/<int:pk>/setup/recovery/", recovery.framework_recovery, name="framework_recovery"),
    path("frameworks/<int:pk>/setup/recovery/begin/", recovery.begin_recovery, name="begin_recovery"),
    path("frameworks/<int:pk>/setup/recovery/file/", recovery.download_recovery, name="download_recovery"),
    path("frameworks/<int:pk>/setup/check/", publication.check_framework, name="check_framework"),
    path("frameworks/<int:pk>/setup/publish/", publication.publish_framework, name="publish_framework"),
    path("frameworks/<int:pk>/setup/withdraw/", publication.withdraw_framework, name="withdraw_framework"),
]
