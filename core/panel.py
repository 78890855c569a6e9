"""The fields of a filter panel, written in one go.

The same markup as crispy-forms-gds writes. That renders a dozen templates for each field, and two more for each option
of a drop-down list, which was a third of what a page with a panel cost. What is not known here is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


def fields(form: forms.BaseForm) -> SafeString:
    """All fields, hidden ones first. Everything is escaped, help and labels too."""
    written = [str(field) for field in form.hidden_fields()]
    written += [_visible(field) for field in form.visible_fields()]
    return SafeString("\n".join(written))  # nosec B703  # every part was escaped by _visible or by Django


def _visible(field: BoundField) -> str:
    known = _control(field)
    if known is None:
        return as_crispy_field(field)
    tag, attributes, inside = known
    name, help_text = escape(field.auto_id), field.help_text
    errors = field.errors
    described, above = [], []
    if help_text:
        described.append(f"{name}_hint")
        above.append(f'<div id="{name}_hint" class="govuk-hint">{escape(str(help_text))}</div>')
    for number, error in enumerate(errors, 1):
        described.append(f"{name}_{number}_error")
        above.append(
            f'<span id="{name}_{number}_error" class="govuk-error-message">'
            f'<span class="govuk-visually-hidden">Error:</span> {escape(str(error))}</span>'
        )
    look = "govuk-select" if tag == "select" else "govuk-input"
    attributes = {
        **attributes,
        "name": field.html_name,
        "id": field.auto_id,
        "class": f"{look} {look}--error" if errors else look,
        "aria-describedby": " ".join(described) or None,
        "aria-invalid": "true" if errors else None,
        "required": field.field.required and field.form.use_required_attribute,
        "disabled": field.field.disabled,
    }
    return (
        f'<div id="div_{name}" class="govuk-form-group{" govuk-form-group--error" if errors else ""}">'
        f'<label for="{name}" class="govuk-label">{escape(str(field.label))}</label>'
        f"{''.join(above)}<{tag}{_flat(attributes)}>{inside}</div>"
    )


def _control(field: BoundField) -> tuple[str, dict, str] | None:
    """Name, attributes and inside of the element to fill in; None for what is neither a line of text nor a list."""
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
        chosen = widget.format_value(value)
        chosen = {chosen} if isinstance(chosen, str) else set(chosen)
        return "select", widget.attrs, f"{''.join(_options(widget.choices, chosen))}</select>"
    if isinstance(widget, forms.TextInput) and not isinstance(widget, forms.PasswordInput):
        typed = widget.format_value(value)
        return "input", {"type": widget.input_type, **widget.attrs, "value": typed}, ""
    return None


def _options(choices: Iterable, chosen: set[str]) -> Iterable[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield f'<optgroup label="{escape(str(value))}">{"".join(_options(label, chosen))}</optgroup>'
            continue
        value = "" if value is None else str(value)
        mark = " selected" if value in chosen else ""
        yield f'<option value="{escape(value)}"{mark}>{escape(str(label))}</option>'


def _flat(attributes: dict) -> str:
    parts = (
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    return "".join(parts)
