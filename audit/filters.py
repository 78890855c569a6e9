"""How a record is narrowed: by person, by what happened, by days, by thing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import words
from audit.models import Event

_THING = re.compile(r"([a-z_]{1,40}\.[a-z_]{1,40})-([1-9][0-9]{0,17})")
_DAYS = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%m-%Y", "%d.%m.%Y")
_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


@dataclass(frozen=True)
class Person:
    """Somebody who holds or held a role in the organisation: from when, until when (None: still)."""

    pk: int
    name: str
    since: dt.datetime
    until: dt.datetime | None


class DayField(forms.DateField):
    """A day as people in England write it."""

    def __init__(self, **kwargs):
        super().__init__(input_formats=_DAYS, widget=forms.TextInput, **kwargs)
        self.error_messages["invalid"] = "Enter a day, like 27/3/2026"

    def to_python(self, value):
        day = super().to_python(value.strip() if isinstance(value, str) else value)
        if day and not _FIRST <= day < _LAST:
            raise forms.ValidationError("Enter a day between 2000 and 2100", code="year")
        return day


class DayFilter(django_filters.Filter):
    """Narrow by a day."""

    field_class = DayField


class RecordForm(forms.Form):
    """The panel's own form."""

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must be the same as or after the first day")
        return cleaned


class RecordFilter(django_filters.FilterSet):
    """The record of one organisation. What cannot be read narrows nothing and says so.

    Signing in belongs to a person and to no organisation: it is shown when that person is chosen (what they did) or
    is the thing that is chosen (what was done to them, or tried), for the time in which they held a role here, and
    never among everybody's events. Did and was done to are two lists, because each is read off one index.
    """

    person = django_filters.ChoiceFilter(label="Person", empty_label="Everybody", method="leave")
    action = django_filters.ChoiceFilter(label="What happened", empty_label="Everything")
    first = DayFilter(label="From", help_text="For example, 27/3/2026", method="from_day")
    last = DayFilter(label="To", help_text="For example, 27/3/2026", method="to_day")
    thing = django_filters.CharFilter(widget=forms.HiddenInput, max_length=120, method="about")

    class Meta:
        model = Event
        fields = []
        form = RecordForm

    def __init__(self, data, *, events: QuerySet[Event], organisation_id: int, people: list[Person]):
        super().__init__(data, queryset=events)
        self.organisation_id, self.people = organisation_id, {str(person.pk): person for person in people}
        # As functions: a list would be copied, pair by pair, with every copy that the form makes of its fields.
        self.filters["person"].extra["choices"] = lambda: [(str(person.pk), person.name) for person in people]
        self.filters["action"].extra["choices"] = words.choices

    @property
    def qs(self) -> QuerySet[Event]:
        here = Q(organisation_id=self.organisation_id)
        if not self.is_bound or not self.form.is_valid():
            return self.queryset.filter(here)
        person = self.people.get(self.form.cleaned_data["person"])
        if person:
            return self.filter_queryset(self.queryset.filter(here | _while_member(person), by=person.pk))
        kind, number = _thing(self.form.cleaned_data["thing"])
        if kind == "accounts.user" and number in self.people:
            here |= _while_member(self.people[number])
        return self.filter_queryset(self.queryset.filter(here))

    def leave(self, queryset, name, value):
        """The person is taken care of in `qs`, because whose events they are decides which are shown."""
        return queryset

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=midnight(value))

    def to_day(self, queryset, name, value):
        return queryset.filter(at__lt=midnight(value + dt.timedelta(days=1)))

    def about(self, queryset, name, value):
        kind, number = _thing(value)
        return queryset.filter(about_type=kind, about_id=int(number)) if kind else queryset

    @property
    def only_thing(self) -> str:
        """The thing that the list is narrowed to, in words."""
        kind, number = _thing(self.data.get("thing", "") if self.is_bound else "")
        if kind == "accounts.user" and number in self.people:
            return self.people[number].name
        return f"{words.thing(kind)} {number}" if kind else ""

    @property
    def in_words(self) -> str:
        """What the list is narrowed to, for a page that cannot show the panel."""
        if not self.is_bound or not self.form.is_valid():
            return ""
        asked = self.form.cleaned_data
        person = self.people.get(asked["person"])
        return ", ".join(
            part
            for part in [
                person and person.name,
                asked["action"] and words.happened(asked["action"]),
                asked["first"] and f"from {asked['first']:%d/%m/%Y}",
                asked["last"] and f"to {asked['last']:%d/%m/%Y}",
                self.only_thing,
            ]
            if part
        )


def _thing(text: str) -> tuple[str, str]:
    """Kind and number of a thing as an address spells it; two empty texts for what is not one."""
    found = _THING.fullmatch(text)
    return (found[1], found[2]) if found else ("", "")


def _while_member(person: Person) -> Q:
    """What belongs to no organisation, for the time in which the person held a role here."""
    then = Q(organisation_id=None, at__gte=person.since)
    return then & Q(at__lt=person.until) if person.until else then


def midnight(day: dt.date) -> dt.datetime:
    """The beginning of a day in England."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
