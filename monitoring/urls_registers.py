"""Addresses of registers and what a school sees of them."""

from django.urls import path

from monitoring.views import codes, live, registers

urlpatterns = [
    path("organisations/<int:pk>/registers/", registers.registers, name="registers"),
    path("organisations/<int:pk>/registers/rest/", registers.mark_rest, name="mark_rest"),
    path("organisations/<int:pk>/registers/live/", live.live_registers, name="live_registers"),
    path("sessions/<int:pk>/mark/", registers.mark_session, name="mark_session"),
    path("sessions/<int:pk>/entries/", registers.session_entries, name="session_entries"),
    path("organisations/<int:pk>/attendance-codes/", codes.attendance_codes, name="attendance_codes"),
    path("organisations/<int:pk>/attendance-codes/<slug:kind>/", codes.export_attendance, name="export_attendance"),
]
