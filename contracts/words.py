"""What happens to agreements, in plain words."""

WORDS: dict[str, str] = {
    "contracts.agreement.countersigned": "Agreement signed by the buyer",
    "contracts.agreement.ended": "Agreement ended",
    "contracts.agreement.offered": "Agreement offered",
    "contracts.agreement.signed": "Agreement signed by the provider",
    "contracts.agreement.withdrawn": "Agreement withdrawn",
    "contracts.framework_kpis.set": "Measures put on the agreements of a framework",
    "contracts.kpi.added": "Measure added to an agreement",
    "contracts.kpi.changed": "Measure of an agreement changed",
    "contracts.kpi.ended": "Measure of an agreement ended",
    "contracts.kpi.set": "The usual five measures put on an agreement",
    "contracts.kpi.taken_back": "Measure of an agreement taken back before it began",
    "contracts.question.answered": "Question of a measure answered",
}
THINGS: dict[str, str] = {
    "contracts.agreement": "Agreement",
    "contracts.contract": "Agreement",
    "contracts.framework_kpis": "Measures of a framework",
    "contracts.kpi": "Measure",
    "contracts.question": "Question of a measure",
}
