"""What happens to registers, alarms, reports, visits and concerns, in plain words. No event names a pupil or an adult
that a concern is about."""

WORDS: dict[str, str] = {}
THINGS: dict[str, str] = {
    "monitoring.alert": "Alert",
    "monitoring.answer": "Answer about a measure",
    "monitoring.concern": "Concern",
    "monitoring.dailyreport": "Daily report",
    "monitoring.drill": "Fire drill",
    "monitoring.incident": "Incident",
    "monitoring.proposal": "Proposal after a document ran out",
    "monitoring.rating": "Rating of a measure",
    "monitoring.reportterms": "Times of daily reports",
    "monitoring.session": "Session",
    "monitoring.visit": "Visit",
    "monitoring.visitaction": "Action after a visit",
    "monitoring.visitschedule": "Schedule of visits",
}
