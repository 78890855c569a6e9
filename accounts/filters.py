"""How lists are narrowed."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q

from accounts import states
from accounts.models import LookAlike, Membership, Organisation
from core.text import BadText, refuse_invisible, tidy


class SearchField(forms.CharField):
    """A few words to look for; what no name holds is refused in words."""

    def __init__(self, **kwargs):
        super().__init__(max_length=100, **kwargs)
        self.error_messages["max_length"] = "Search for 100 characters or fewer"

    def to_python(self, value):
        text = super().to_python(value)
        try:
            refuse_invisible(text)
        except BadText as error:
            raise forms.ValidationError("Search words must not include characters that cannot be seen") from error
        return tidy(text)


class SearchFilter(django_filters.Filter):
    """Narrow by words."""

    field_class = SearchField


class Panel(django_filters.FilterSet):
    """A filter panel, sent by GET. What cannot be read narrows nothing and says so."""

    @property
    def qs(self):
        return super().qs if not self.is_bound or self.form.is_valid() else self.queryset.all()


class PeopleFilter(Panel):
    """People of one organisation, by name and role. Only whoever manages them may look for an address."""

    words = SearchFilter(label="Name", method="by_words")
    role = django_filters.ChoiceFilter(label="Role", empty_label="All roles")

    class Meta:
        model = Membership
        fields = []

    def __init__(self, *args, organisation, addresses: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses = addresses
        self.filters["role"].extra["choices"] = [
            (role.value, role.label) for role in states.roles_of(organisation.kind)
        ]
        if addresses:
            self.filters["words"].label = "Name or email address"

    def by_words(self, queryset, name, value):
        found = Q(user__name__icontains=value)
        return queryset.filter(found | Q(user__email__icontains=value) if self.addresses else found)


class OrganisationFilter(Panel):
    """Organisations by name or number, kind, and whether they are open."""

    words = SearchFilter(label="Name, URN, UKPRN or postcode", method="by_words")
    kind = django_filters.ChoiceFilter(label="Kind", choices=states.OrganisationKind.choices, empty_label="All kinds")

    class Meta:
        model = Organisation
        fields = []

    def by_words(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value) | Q(urn=value[:6]) | Q(ukprn=value[:8]) | Q(postcode__iexact=value[:8])
        )


class LookAlikeFilter(Panel):
    """Pairs by what was decided about them."""

    decision = django_filters.ChoiceFilter(
        label="Decision",
        choices=[("open", "Not decided"), ("different", "Two organisations"), ("same", "One organisation")],
        empty_label="All decisions",
        method="by_decision",
    )

    class Meta:
        model = LookAlike
        fields = []

    def by_decision(self, queryset, name, value):
        return queryset.filter(decision="" if value == "open" else value)
