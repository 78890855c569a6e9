"""What happens to agreements, in plain words."""

WORDS: dict[str, str] = {
    "contracts.agreement.countersigned": "Agreement signed by the buyer",
    "contracts.agreement.ended": "Agreement ended",
    "contracts.agreement.offered": "Agreement offered",
    "contracts.agreement.signed": "Agreement signed by the provider",
    "contracts.agreement.withdrawn": "Agreement withdrawn",
    "contracts.framework_kpis.set": "KPIs put on the agreements of a framework",
    "contracts.kpi.added": "KPI added to an agreement",
    "contracts.kpi.changed": "KPI of an agreement changed",
    "contracts.kpi.ended": "KPI of an agreement ended",
    "contracts.kpi.set": "The usual five KPIs put on an agreement",
    "contracts.kpi.taken_back": "KPI of an agreement taken back before it began",
    "contracts.question.answered": "Question of a KPI answered",
}
THINGS: dict[str, str] = {
    "contracts.agreement": "Agreement",
    "contracts.contract": "Agreement",
    "contracts.framework_kpis": "KPIs of a framework",
    "contracts.kpi": "KPI",
    "contracts.question": "Question of a KPI",
}
