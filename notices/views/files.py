"""A notice's file comes in, and what was found in it."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from core.middleware import takes_up_to
from jobs.tasks import start_soon
from notices import permissions, store
from notices.actions import files as actions
from notices.forms.files import ImportNoticeForm
from notices.models import NoticeFile
from notices.queries import files as queries
from notices.states import FileState

ROOM = 1024**2  # bytes of a form around its file
AGAIN = "?again"


@guard(permissions.can_import_notice, on=Organisation)
@takes_up_to(settings.NOTICE_FILE_MAX_BYTES + ROOM)
def import_notice(request, organisation):
    """Upload a file; it is read in the background."""
    form = ImportNoticeForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = store.keep(form.cleaned_data["file"])
        try:
            file, is_new = actions.receive_file(organisation=organisation, kept=kept, by=request.user, at=clock.now())
        except Exception:
            store.forget(kept.stored_as)
            raise
        if is_new:
            start_soon()
        else:
            store.forget(kept.stored_as)
        return _to(file, again="" if is_new else AGAIN)
    return render(request, "notices/import_notice.html", {"form": form, "organisation": organisation})


def _to(file, *, again: str):
    """Where somebody who brought a file in goes next: its progress, or what was found in it. That it was here already
    stands in the address: a message would be shown to the script that sent the file."""
    if file.state == FileState.RECEIVED and file.job_id:
        return redirect("job", file.job_id)
    return redirect(reverse("notice_file", args=[file.pk]) + again)


@guard(permissions.can_see_notices, on=Organisation)
def notice_files(request, organisation):
    """The files that an organisation brought in, newest first."""
    page = lists.page(queries.files_of(organisation, user=request.user), request.GET, order=["-id"])
    context = {
        "organisation": organisation,
        "page": page,
        "may_import": permissions.can_import_notice(request.user, organisation),
    }
    return render(request, "notices/notice_files.html", context)


@guard(permissions.can_see_file, on=NoticeFile)
def notice_file(request, file):
    """What was found in a file. One notice by itself is shown at once."""
    if file.state == FileState.READ and (only := queries.only_release_of(file, user=request.user)):
        return redirect(reverse("release", args=[only.pk]) + (AGAIN if "again" in request.GET else ""))
    page = lists.page(queries.releases_of(file, user=request.user), request.GET, order=["-is_framework", "id"])
    return render(request, "notices/notice_file.html", {"file": file, "page": page})
