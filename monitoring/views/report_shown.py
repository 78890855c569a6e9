"""What one person sees of a version of a daily report: the provider's people all of it, a buyer's their own part."""

from __future__ import annotations

from collections import defaultdict

from monitoring.models import DailyReport
from monitoring.permissions import reports as permissions
from monitoring.queries import filed as queries
from monitoring.queries.filed import Version
from monitoring.queries.reports import WHOLE
from monitoring.rules import reporting as rules
from monitoring.rules.reporting import Figures


def shown(report: DailyReport, user) -> dict:
    """The page's context. Versions that changed nothing of what the person may see are not told of."""
    is_own = permissions.can_report(user, report.provider)
    versions = queries.versions_for(report, user=user)
    at = next(number for number, one in enumerate(versions) if one.report == report)
    this, before = versions[at], versions[at - 1] if at else None
    changed = rules.changed(before.said(), this.said()) if before else set()
    dues = queries.dues_for(report, user=user)
    met = [due for due in dues if due.report_id]
    return {
        "report": report,
        "is_own": is_own,
        "parts": _parts(this, changed, report, is_own),
        "stood": [(one, ("line", key) in changed) for key, one in this.stood.items()],
        "late": [due.buyer.name for due in _once(met) if due.late],
        "is_late": any(due.late for due in met),
        "versions": _told(versions),
        "corrects": before is not None and bool(changed),
    }


def _parts(this: Version, changed: set, report: DailyReport, is_own: bool) -> list[dict]:
    """A part for each buyer: its figures and what was said of its KPIs."""
    rows = defaultdict(list)
    for key, answer in this.answers.items():
        rows[answer.kpi.contract.buyer].append((answer, key in changed))
    parts = [
        {"buyer": buyer, "figures": _figures(report, buyer.pk), "answers": answers} for buyer, answers in rows.items()
    ]
    if is_own and [_figures(report, WHOLE)] != [part["figures"] for part in parts]:
        parts.insert(0, {"buyer": None, "figures": _figures(report, WHOLE), "answers": []})
    return parts


def _figures(report: DailyReport, key: int) -> Figures:
    return Figures(**report.figures.get(str(key), {}))


def _once(dues):
    return {(due.buyer_id, due.late): due for due in dues}.values()


def _told(versions: list[Version]) -> list[DailyReport]:
    found, last = [], None
    for one in versions:
        if one.answers and one.said() != last:
            found.append(one.report)
            last = one.said()
    return found
