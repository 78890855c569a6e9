"""What kinds of agreements there are, and how one comes into force."""

from __future__ import annotations

from django.db.models import TextChoices


class ContractKind(TextChoices):
    FRAMEWORK = "framework", "Framework agreement"


class ContractState(TextChoices):
    OFFERED = "offered", "Waits for the provider’s signature"
    SIGNED = "signed", "Signed by the provider"
    IN_FORCE = "in_force", "Signed by both"
    WITHDRAWN = "withdrawn", "Withdrawn before it was signed by both"
    ENDED = "ended", "Ended"


# The buyer signs last, and not before the waiting period after the award notice has ended (Procurement Act 2023, s.51).
CONTRACT_MOVES = {
    ContractState.OFFERED: {ContractState.SIGNED, ContractState.WITHDRAWN},
    ContractState.SIGNED: {ContractState.IN_FORCE, ContractState.WITHDRAWN},
    ContractState.IN_FORCE: {ContractState.ENDED},
    ContractState.WITHDRAWN: set(),
    ContractState.ENDED: set(),
}


class LineKind(TextChoices):
    """A line of a KPI says what must be so, or asks. Questions are answered once, not reported on."""

    STANDARD = "standard", "What must be so"
    QUESTION = "question", "A question"


class Fed(TextChoices):
    """Where the answer to a line comes from."""

    REGISTERS = "registers", "Registers"
    ABSENCES = "absences", "Absences and how soon they were told"
    CONCERNS = "concerns", "Concerns"
    INCIDENTS = "incidents", "Incidents and first aid"
    DRILLS = "drills", "Fire drills"
    SAID = "said", "What the provider says"


class Asked(TextChoices):
    """How often a line that is not fed by records is asked."""

    DAILY = "daily", "With every report"
    TERM = "term", "Each term, and when something changes"


class Side(TextChoices):
    """Who answers a question."""

    BUYER = "buyer", "The buyer"
    SUPPLIER = "supplier", "The provider"
