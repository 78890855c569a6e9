"""Addresses of procurement notices: bringing one in, giving one back."""

from django.urls import path

from notices.views import export, files, releases

urlpatterns = [
    path("organisations/<int:pk>/", files.notice_files, name="notice_files"),
    path("organisations/<int:pk>/bring-in/", files.import_notice, name="import_notice"),
    path("files/<int:pk>/", files.notice_file, name="notice_file"),
    path("files/<int:pk>/notice.json", export.export_file, name="export_file"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/confirm/", releases.confirm_release, name="confirm_release"),
    path("releases/<int:pk>/compare/", releases.compare_release, name="compare_release"),
    path("releases/<int:pk>/notice.json", export.export_release, name="export_release"),
]
