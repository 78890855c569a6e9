"""What every part of an application is typed into: fields that take whatever is typed, because a draft keeps it all.
Only the shape is judged here (how long, how many); what is missing or wrong, the part's reader says."""

from __future__ import annotations

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from providers.rules.draft import Answers, Typed
from providers.rules.reading import Context, Problem

LONGEST = 20_000  # characters of one text: over twice what any reader takes
MOST_VALUES = 500  # of one list of ticks


def tidy(text: str) -> str:
    """A text as it is kept: lines end in one way, and control characters, which nobody sees, are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or (one >= " " and one != "\x7f" and not _half(one)))


def _half(one: str) -> bool:
    return "\ud800" <= one <= "\udfff" or "\x80" <= one <= "\x9f"


class TextField(forms.CharField):
    """A line of text."""

    def __init__(self, *, lines: int = 1, hint: str = "", **kwargs):
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        kwargs.setdefault("widget", widget)
        super().__init__(required=False, strip=False, help_text=hint, **kwargs)
        self.validators = []  # a NUL is left out, not refused

    def to_python(self, value):
        text = tidy(value) if isinstance(value, str) else ""
        if len(text) > LONGEST:
            raise ValidationError(
                f"{self.label}: this text has {len(text):,} characters. Shorten it to {LONGEST:,} or fewer: until then "
                "it is not saved",
                code="length",
            )
        return text


class OneField(forms.ChoiceField):
    """One of several, as radio buttons; whether the choice is one of them, the reader says."""

    def __init__(self, *, hint: str = "", **kwargs):
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(required=False, help_text=hint, **kwargs)

    def to_python(self, value):
        return tidy(value)[:LONGEST] if isinstance(value, str) else ""

    def validate(self, value):
        """Nothing: what is typed is kept."""


class SeveralField(forms.MultipleChoiceField):
    """Any of several, as checkboxes."""

    def __init__(self, *, hint: str = "", **kwargs):
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(required=False, help_text=hint, **kwargs)

    def to_python(self, value):
        values = [tidy(one)[:200] for one in value or [] if isinstance(one, str)]
        if len(values) > MOST_VALUES:
            raise ValidationError(f"{self.label}: choose {MOST_VALUES} or fewer", code="many")
        return values

    def validate(self, value):
        """Nothing: what is typed is kept."""


class DayTypedField(DateInputField):
    """A day as it is typed: day, month and year, kept as three texts. The reader says whether there is such a day."""

    def __init__(self, *, hint: str = "For example, 27 3 2027", **kwargs):
        super().__init__(required=False, require_all_fields=False, help_text=hint, **kwargs)

    def clean(self, value):
        return value


class PartForm(forms.Form):
    """The form of one part. `context` is what the framework offers, who bids, which lots were chosen. It is always
    given what was typed (a draft's answers, or what was just sent) and shows it as it is."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    button = "Save and continue"
    more_buttons: tuple[tuple[str, str], ...] = ()  # name and words of each; the page says where it leads
    keeps_the_rest = True  # answers to what is not asked now stay in the draft
    live_template = ""  # what comes back into the page whenever the script has saved

    def __init__(self, data: QueryDict | MultiValueDict, *, context: Context):
        super().__init__(data)
        self.context = context
        self.build()
        self.helper = FormHelper()
        self.helper.attrs = {"data-autosave": "", "autocomplete": "off"}
        self.helper.layout = Layout("revision", *self.layout())
        self.helper.add_input(Submit("go", self.button))
        for name, words in self.more_buttons:
            self.helper.add_input(Submit(name, words, css_class="govuk-button--secondary"))

    def build(self) -> None:
        """Add the fields that depend on the framework."""

    def layout(self) -> list:
        """Everything of the form's layout but its button."""
        return [name for name in self.fields if name != "revision"]

    def asked(self) -> dict[str, bool]:
        """The names under which the form's answers are sent, each with whether it may have several values."""
        found: dict[str, bool] = {}
        for name, field in self.fields.items():
            if name == "revision":
                continue
            if isinstance(field, forms.MultiValueField):
                found |= {f"{name}_{place}": False for place in range(len(field.fields))}
            else:
                found[name] = isinstance(field, forms.MultipleChoiceField)
        return found

    def typed(self) -> Answers:
        """What was typed, as the draft keeps it; empty answers are left out."""
        found: dict[str, Typed] = {}
        for name, several in self.asked().items():
            if several:
                values = [tidy(one) for one in self.data.getlist(name)]
                if values:
                    found[name] = values
            elif text := tidy(self.data.get(name) or ""):
                found[name] = text
        return found

    @property
    def seen(self) -> int:
        """The revision of the part on which the page was built; -1 for what nobody gave out."""
        text = self.data.get("revision") or "0"
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def tell(self, problems: tuple[Problem, ...]) -> None:
        """Say beside the fields what is missing or wrong there."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.text)

    def in_words(self, key: str, value: Typed | None) -> str:
        """An answer as a person reads it: labels in place of keys."""
        field = self.fields.get(key)
        values = value if isinstance(value, list) else [value] if value else []
        if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
            labels = {str(code): str(label) for code, label in field.choices}
            values = [labels.get(one, one) for one in values]
        return "\n".join(values)

    def said(self, name: str, answers: Answers) -> str:
        """What was answered in a field, in words; the three boxes of a day together."""
        field = self.fields[name]
        if isinstance(field, forms.MultiValueField):
            boxes = (answers.get(f"{name}_{place}") for place in range(len(field.fields)))
            return " ".join(str(one) for one in boxes if one)
        return self.in_words(name, answers.get(name))

    def questions(self) -> list[str]:
        """The names of the fields that are asked, in order."""
        return [name for name in self.fields if name != "revision"]

    def label_of(self, key: str) -> str:
        """The question to which this is the answer."""
        if key in self.fields:
            return str(self.fields[key].label or key)
        name, _, place = key.rpartition("_")
        if name in self.fields and place in {"0", "1", "2"}:
            label = str(self.fields[name].label)
            box = ("day", "month", "year")[int(place)]
            return f"{label} {box.capitalize()}" if label.endswith("?") else f"{label}: {box}"
        return key


def as_data(answers: Answers, revision: int) -> MultiValueDict:
    """A draft's answers in the shape in which a browser sends them."""
    data = MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in answers.items()})
    data["revision"] = str(revision)
    return data
