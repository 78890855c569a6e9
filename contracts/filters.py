"""What narrows a list of agreements."""

from __future__ import annotations

import django_filters

from contracts.models import Contract
from contracts.states import ContractState


class AgreementFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(label="State", choices=ContractState.choices, empty_label="Any")

    class Meta:
        model = Contract
        fields = ["state"]
