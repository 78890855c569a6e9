"""Changing a version of standards while it is being written: parts, standards, evidence, daily measures."""

from __future__ import annotations

from functools import partial

from django.shortcuts import render

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import standard_parts as actions
from lots.forms.standards import EvidenceForm, MeasureForm, StandardForm, ThemeForm
from lots.models import Evidence, KpiTheme, Standard, StandardsVersion, Theme
from lots.queries.standards import measures_of
from lots.views.setting_up import done, tried


def _edit(request, version, form, heading, write, values=lambda form: form.cleaned_data):
    """Show a form and, once it is right, write it."""

    def act():
        write(**values(form), by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Saved", "standards_version", version.pk)
    context = {"version": version, "form": form, "heading": heading}
    return render(request, "lots/standards_form.html", context)


def _remove(request, version, part, heading, text):
    form = SureForm(posted(request), submit="Remove")

    def act():
        actions.remove_part(version=version, part=part, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Removed", "standards_version", version.pk)
    context = {"version": version, "form": form, "heading": heading, "text": text}
    return render(request, "lots/standards_form.html", context)


@guard(permissions.can_edit_version, on=StandardsVersion)
def add_theme(request, version):
    """Add a part."""
    write = partial(actions.save_theme, version=version, theme=None)
    return _edit(request, version, ThemeForm(posted(request)), "Add a part", write)


@guard(permissions.can_edit_theme, on=Theme)
def change_theme(request, theme):
    """Change a part's number or title."""
    form = ThemeForm(posted(request), initial={"number": theme.number, "title": theme.title})
    write = partial(actions.save_theme, version=theme.version, theme=theme)
    return _edit(request, theme.version, form, f"Change part {theme.number}", write)


@guard(permissions.can_edit_theme, on=Theme)
def remove_theme(request, theme):
    """Remove a part with its standards."""
    return _remove(request, theme.version, theme, f"Remove part {theme}", "Its standards go with it.")


@guard(permissions.can_edit_version, on=StandardsVersion)
def add_measure(request, version):
    """Add a theme of the daily measures."""
    write = partial(actions.save_measure, version=version, measure=None)
    return _edit(request, version, MeasureForm(posted(request)), "Add a daily measure", write)


@guard(permissions.can_edit_theme, on=KpiTheme)
def change_measure(request, measure):
    """Rename a theme of the daily measures."""
    form = MeasureForm(posted(request), initial={"name": measure.name})
    write = partial(actions.save_measure, version=measure.version, measure=measure)
    return _edit(request, measure.version, form, "Change a daily measure", write)


@guard(permissions.can_edit_theme, on=KpiTheme)
def remove_measure(request, measure):
    """Remove a theme of the daily measures."""
    text = "Standards that feed it stay and feed it no more."
    return _remove(request, measure.version, measure, f"Remove the daily measure “{measure}”", text)


@guard(permissions.can_edit_theme, on=Theme)
def add_standard(request, theme):
    """Add a standard to a part."""
    form = StandardForm(posted(request), measures=measures_of(theme.version))
    write = partial(actions.save_standard, theme=theme, standard=None)
    heading = f"Add a standard to part {theme.number}"
    return _edit(request, theme.version, form, heading, write, values=StandardForm.values)


@guard(permissions.can_edit_standard, on=Standard)
def change_standard(request, standard):
    """Change a standard."""
    version = standard.theme.version
    form = StandardForm(posted(request), measures=measures_of(version), standard=standard)
    write = partial(actions.save_standard, theme=standard.theme, standard=standard)
    heading = f"Change standard {standard.number}"
    return _edit(request, version, form, heading, write, values=StandardForm.values)


@guard(permissions.can_edit_standard, on=Standard)
def remove_standard(request, standard):
    """Remove a standard with its evidence."""
    text = "What providers show for it goes with it."
    return _remove(request, standard.theme.version, standard, f"Remove standard {standard}", text)


@guard(permissions.can_edit_standard, on=Standard)
def add_evidence(request, standard):
    """Say what providers show for a standard."""
    write = partial(actions.save_evidence, standard=standard, evidence=None)
    heading = f"Add what providers show for {standard.number}"
    return _edit(request, standard.theme.version, EvidenceForm(posted(request)), heading, write)


@guard(permissions.can_edit_evidence, on=Evidence)
def change_evidence(request, evidence):
    """Change what providers show for a standard."""
    form = EvidenceForm(posted(request), evidence=evidence)
    write = partial(actions.save_evidence, standard=evidence.standard, evidence=evidence)
    heading = f"Change what providers show for {evidence.standard.number}"
    return _edit(request, evidence.standard.theme.version, form, heading, write)


@guard(permissions.can_edit_evidence, on=Evidence)
def remove_evidence(request, evidence):
    """Providers need not show it any more."""
    text = "Providers need not show it any more."
    return _remove(request, evidence.standard.theme.version, evidence, f"Remove “{evidence}”", text)
