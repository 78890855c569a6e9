"""How lists of referrals and of approvals are narrowed."""

from __future__ import annotations

import django_filters

from accounts.filters import Panel
from referrals import states
from referrals.models import Approval, Referral
from referrals.queries import referrals as queries


class ReferralFilter(Panel):
    """Referrals by state and reason, and those that are late. `reasons` is whether the person may read why."""

    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("open", "All that are open"), *states.ReferralState.choices],
        empty_label="All states",
        method="by_state",
    )
    reason = django_filters.ChoiceFilter(label="Reason", choices=states.Reason.choices, empty_label="All reasons")
    sixth = django_filters.ChoiceFilter(
        label="Sixth school day",
        choices=[("late", "Has come, and nobody is chosen")],
        empty_label="Any",
        method="by_sixth",
    )

    class Meta:
        model = Referral
        fields = []

    def __init__(self, *args, today, reasons: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if not reasons:
            del self.filters["reason"]

    def by_state(self, queryset, name, value):
        return queries.still_open(queryset) if value == "open" else queryset.filter(state=value)

    def by_sixth(self, queryset, name, value):
        return queries.late(queryset, today=self.today)


class ApprovalFilter(Panel):
    """What was asked, by whether it was answered."""

    answer = django_filters.ChoiceFilter(
        label="Answer",
        choices=[("open", "Not answered yet"), ("yes", "Yes"), ("no", "No")],
        empty_label="All answers",
        method="by_answer",
    )

    class Meta:
        model = Approval
        fields = []

    def by_answer(self, queryset, name, value):
        return queryset.filter(approved={"open": None, "yes": True, "no": False}[value])
