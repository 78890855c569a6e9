"""The evidence library: its list, a document with its versions, and what its provider does with them."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from core.middleware import takes_up_to
from files import responses, store
from files.rules import Refused as FileRefused
from lots.rules.refusals import Refused
from providers.actions import library as actions
from providers.filters import LibraryFilter
from providers.forms.library import AGAIN, ItemForm, RenameForm, VersionForm
from providers.models import Item, ItemVersion
from providers.permissions import profiles as permissions
from providers.queries import library as queries
from providers.rules import library as rules
from providers.views.editing import removed

ROOM = 1024**2  # bytes of a form around its file
LARGEST_FORM = settings.FILE_MAX_BYTES + ROOM
# What was done stands in the address: a message would be shown to the script that sent the file.
ADDED, REPLACED = "added", "replaced"
SAID = {ADDED: "The document was added to your library", REPLACED: "The new version is in your library"}


@guard(permissions.can_see_library, on=Organisation)
@require_safe
def library(request, provider):
    """The documents of a provider, by title."""
    today = clock.today()
    rows = queries.items_of(provider, user=request.user)
    found = LibraryFilter(request.GET, queryset=rows, today=today)
    page = lists.page(found.qs, request.GET, order=["title", "id"])
    for item in page.rows:
        item.stands = rules.standing(item.current.expires_on, today).value
    context = {
        "provider": provider,
        "filter": found,
        "page": page,
        "holds_anything": bool(page.rows) or queries.holds_anything(provider, user=request.user),
        "ended": queries.ended_of(provider, user=request.user, today=today),
        "may_add": permissions.can_add_item(request.user, provider),
    }
    return render(request, "providers/library.html", context)


def taken(form, act, *, by) -> ItemVersion | None:
    """Keep the form's file, do the action with it, and forget the file where that is refused: nothing half is left
    behind. What is refused stands at the form. No transaction is open while the file arrives or is looked at."""
    try:
        kept = store.keep(form.cleaned_data["file"])
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return None
    try:
        return act(kept=kept, by=by, at=clock.now(), **form.facts())
    except Refused as refusal:
        store.forget(kept)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        form.add_error("file", AGAIN)
        return None
    except Exception:
        store.forget(kept)
        raise


def upload_here(request, provider, *, prefix: str = "new", initial: dict | None = None):
    """For a page that takes a document into the library without leaving: the form to show on it, and the version that
    it brought in (None while there is none; then the form says why). The form's fields begin with `prefix`, and only a
    POST that carries them is read. The page's view takes `LARGEST_FORM` bytes (`core.middleware.takes_up_to`)."""
    sent = request.method == "POST" and any(name.startswith(f"{prefix}-") for name in [*request.POST, *request.FILES])
    form = ItemForm(
        request.POST if sent else None, request.FILES if sent else None, prefix=prefix, initial=initial or {}
    )
    if not sent or not form.is_valid():
        return form, None
    return form, taken(form, partial(actions.add_item, provider=provider), by=request.user)


@guard(permissions.can_add_item, on=Organisation)
@takes_up_to(LARGEST_FORM)
def add_item(request, provider):
    """Add a document."""
    form = ItemForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        version = taken(form, partial(actions.add_item, provider=provider), by=request.user)
        if version:
            return redirect(f"{reverse('item', args=[version.item_id])}?{ADDED}")
    return render(request, "providers/add_item.html", {"provider": provider, "form": form})


@guard(permissions.can_see_item, on=Item)
@require_safe
def item(request, item):
    """A document with all its versions."""
    for done in SAID.keys() & request.GET.keys():
        messages.success(request, SAID[done])
    today = clock.today()
    versions = queries.versions_of(item, user=request.user)
    for version in versions:
        version.stands = rules.standing(version.expires_on, today).value
    context = {
        "item": item,
        "versions": versions,
        "may_change": item.removed_at is None and permissions.can_change_item(request.user, item),
    }
    return render(request, "providers/item.html", context)


@guard(permissions.can_change_item, on=Item)
@takes_up_to(LARGEST_FORM)
def replace_item(request, item):
    """Bring in a newer version of a document."""
    form = VersionForm(posted(request), request.FILES or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and taken(form, partial(actions.replace_item, item=item), by=request.user):
        return redirect(f"{reverse('item', args=[item.pk])}?{REPLACED}")
    return render(request, "providers/replace_item.html", {"item": item, "form": form})


@guard(permissions.can_change_item, on=Item)
def rename_item(request, item):
    """Call a document something else."""
    form = RenameForm(posted(request), initial={"title": item.title, "kind": item.kind})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_item(item=item, **form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The document was renamed")
            return redirect("item", item.pk)
    return render(request, "providers/rename_item.html", {"item": item, "form": form})


@guard(permissions.can_change_item, on=Item)
def remove_item(request, item):
    """Take a document out of the library."""
    return removed(
        request,
        SureForm(posted(request), submit="Remove from the library"),
        partial(actions.remove_item, item=item),
        said="The document was removed from your library",
        back="library",
        pk=item.provider_id,
        template="providers/remove_item.html",
        item=item,
    )


@guard(permissions.can_download_version, on=ItemVersion)
@require_safe
def download_version(request, version):
    """The file of one version."""
    return responses.download(request, version.file)
