"""Quality standards: sets, versions, what changed between two, and the version that a framework takes over."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock
from core.access import guard, public
from lots import permissions
from lots.actions import standards as actions
from lots.forms.standards import AdoptForm, ChooseForm, FixForm
from lots.models import Framework, StandardSet, StandardsVersion
from lots.queries import standards as queries
from lots.rules import standards as rules
from lots.views.setting_up import done, page, tried, while_set_up

OPEN = "national standards and those of published frameworks are public; the door shows own ones to their owner alone"


@public("national standards are public; own ones are listed for their owner alone")
@require_safe
def standard_sets(request):
    """National standards, and those of the reader's organisations."""
    return render(request, "lots/standard_sets.html", {"sets": queries.sets_for(user=request.user)})


@public(OPEN)
@guard(permissions.can_read_standards, on=StandardSet)
@require_safe
def standard_set(request, standard_set):
    """The versions of a set."""
    versions = queries.versions_of(standard_set, user=request.user)
    context = {
        "set": standard_set,
        "versions": versions,
        "can_edit": permissions.can_edit_set(request.user, standard_set),
        "unfinished": any(version.fixed_at is None for version in versions),
    }
    return render(request, "lots/standard_set.html", context)


@public(OPEN)
@guard(permissions.can_read_standards, on=StandardsVersion)
@require_safe
def standards_version(request, version):
    """A whole version, to read and to print."""
    can_edit = version.fixed_at is None and permissions.can_edit_version(request.user, version)
    themes = queries.themes_of(version)
    context = {
        "version": version,
        "themes": themes,
        "number_of_standards": sum(len(theme.rows) for theme in themes),
        "measures": queries.measures_of(version) if can_edit else [],
        "can_edit": can_edit,
        "can_adopt": version.fixed_at is not None and permissions.can_adopt_standards(request.user, version),
    }
    return render(request, "lots/standards_version.html", context)


@public(OPEN)
@guard(permissions.can_read_standards, on=StandardsVersion)
@require_safe
def standards_changes(request, version):
    """What changed since the version that this one was copied from."""
    earlier = queries.earlier_of(version, user=request.user)
    changes = rules.differences(queries.text_of(earlier), queries.text_of(version)) if earlier else ()
    context = {"version": version, "earlier": earlier, "changes": changes}
    return render(request, "lots/standards_changes.html", context)


@guard(permissions.can_adopt_standards, on=StandardsVersion)
def adopt_standards(request, version):
    """Copy a version into a set of one's own."""
    form = AdoptForm(posted(request), organisations=queries.organisations_of(request.user, permissions.BUYS))
    made = []

    def act():
        organisation = form.organisations[form.cleaned_data["organisation"]]
        made.append(
            actions.adopt_standards(
                version=version,
                organisation=organisation,
                name=form.cleaned_data["name"],
                by=request.user,
                at=clock.now(),
            )
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The standards were copied. You can change them now", "standards_version", made[0].pk)
    text = "The copy belongs to you. You can change its numbers, words and evidence until you make it final."
    return _form(request, version, form, "Copy into a set of your own", text=text)


def _form(request, version, form, heading, **more):
    context = {"version": version, "form": form, "heading": heading, **more}
    return render(request, "lots/standards_form.html", context)


@guard(permissions.can_edit_set, on=StandardSet)
def begin_standards(request, standard_set):
    """Begin a new version of a set."""
    form, made = SureForm(posted(request), submit="Begin a new version", warning=False), []

    def act():
        made.append(actions.begin_version(standard_set=standard_set, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "A new version was begun", "standards_version", made[0].pk)
    context = {
        "form": form,
        "set": standard_set,
        "heading": "Begin a new version",
        "text": "It starts as a copy of the last one. Nobody takes it over until you make it final; frameworks that "
        "took over an earlier version keep theirs.",
    }
    return render(request, "lots/standards_form.html", context)


@guard(permissions.can_edit_version, on=StandardsVersion)
def fix_standards(request, version):
    """Fix a version, so that frameworks can take it over."""
    form = FixForm(posted(request), initial={"note": version.note})

    def act():
        actions.fix_version(version=version, note=form.cleaned_data["note"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The version is final. Frameworks can take it over now", "standards_version", version.pk)
    text = "A final version never changes again. To change something later, begin a new version."
    return _form(request, version, form, "Make this version final", text=text)


@guard(permissions.can_edit_version, on=StandardsVersion)
def discard_standards(request, version):
    """Throw away a version that is being written."""
    form = SureForm(posted(request), submit="Discard this version")

    def act():
        actions.discard_version(version=version, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The version was discarded", "standard_sets")
    text = "What was changed in it is lost. Final versions stay."
    return _form(request, version, form, "Discard this version", text=text)


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def framework_standards(request, framework):
    """Choose the version that the framework takes over when it is published."""
    versions = queries.choices_for(framework, user=request.user)
    chosen = framework.standards_chosen_id or next((one.pk for one in versions), None)
    form = ChooseForm(posted(request), versions=versions, initial={"version": str(chosen)})

    def act():
        version = form.versions[form.cleaned_data["version"]]
        actions.choose_standards(framework=framework, version=version, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The standards were chosen", "setup_framework", framework.pk)
    back = (reverse("setup_framework", args=[framework.pk]), "Setting up")
    return page(
        request, framework, form, "Quality standards", back=back,
        template="lots/framework_standards.html", versions=versions,
    )  # fmt: skip
