"""What is kept of registers, alarms, daily reports, visits, concerns and what expires."""

from monitoring.models.alerts import Alert, AlertTold
from monitoring.models.concerns import Concern, Drill, FrontDoor, Incident
from monitoring.models.effects import Proposal
from monitoring.models.reports import (
    Answer,
    BoardDay,
    DailyReport,
    DayRun,
    Rating,
    ReportDay,
    ReportDue,
    StandingAnswer,
)
from monitoring.models.sessions import RegisterEntry, Session
from monitoring.models.terms import Reminder, ReportTerms
from monitoring.models.visits import Finding, Visit, VisitAction, VisitSchedule

__all__ = [
    "Alert",
    "AlertTold",
    "Answer",
    "BoardDay",
    "Concern",
    "DailyReport",
    "DayRun",
    "Drill",
    "Finding",
    "FrontDoor",
    "Incident",
    "Proposal",
    "Rating",
    "RegisterEntry",
    "Reminder",
    "ReportDay",
    "ReportDue",
    "ReportTerms",
    "Session",
    "StandingAnswer",
    "Visit",
    "VisitAction",
    "VisitSchedule",
]
