"""How the list of differences is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, Q

from accounts.filters import Panel
from evaluation.models import Judgement
from evaluation.queries.differences import is_decided
from evaluation.queries.freezes import same_unit

STANDS = [("decided", "Decided"), ("all", "To decide and decided")]


class DifferencesFilter(Panel):
    """Differences by theme, by who judged, and by whether they were decided; those that wait where nothing is asked."""

    theme = django_filters.ChoiceFilter(label="Theme", empty_label="All themes", field_name="standard__theme")
    judge = django_filters.ChoiceFilter(label="Evaluator", empty_label="All evaluators", method="by_judge")
    state = django_filters.ChoiceFilter(label="State", choices=STANDS, empty_label="To decide", method="as_asked")

    class Meta:
        model = Judgement
        fields = []

    def __init__(self, *args, evaluation, themes, judges, **kwargs):
        super().__init__(*args, **kwargs)
        self.decided = is_decided(evaluation)
        self.filters["theme"].extra["choices"] = themes
        self.filters["judge"].extra["choices"] = judges

    @property
    def qs(self):
        found = super().qs
        asked = self.form.cleaned_data.get("state") if self.is_bound and self.form.is_valid() else ""
        if asked == "all":
            return found
        return found.filter(self.decided) if asked == "decided" else found.exclude(self.decided)

    def as_asked(self, queryset, name, value):
        return queryset

    def by_judge(self, queryset, name, value):
        theirs = Judgement.objects.live().filter(same_unit(), person=value, locked_at__isnull=False)
        return queryset.filter(Q(person=value) | Exists(theirs))
