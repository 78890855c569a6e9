"""What happens in lots, in plain words."""

WORDS: dict[str, str] = {
    "lots.decision.made": "Decision made and its reason kept",
    "lots.policies.decided": "Policies decided",
    "lots.standards.adopted": "Standards copied into an own set",
    "lots.standards.begun": "New version of standards begun",
    "lots.standards.changed": "Standards changed",
    "lots.standards.chosen": "Standards chosen for a framework",
    "lots.standards.copied": "Standards taken over into a framework",
    "lots.standards.discarded": "Unfinished version of standards discarded",
    "lots.standards.fixed": "Version of standards fixed",
    "lots.framework.brought_up_to_date": "Framework brought up to a new notice",
    "lots.framework.written": "Framework made from a notice",
}
THINGS: dict[str, str] = {}
