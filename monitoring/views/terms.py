"""When reports are due and providers reminded."""

from __future__ import annotations

from functools import partial

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from core.calendars import time_in_words
from lots.views.setting_up import done, tried
from monitoring.actions import terms as actions
from monitoring.forms.terms import ReportTermsForm
from monitoring.permissions import terms as permissions
from monitoring.queries.terms import kept_by, terms_of
from monitoring.rules.terms import Terms
from monitoring.views.frame import page


@guard(permissions.can_see_terms, on=Organisation)
def report_terms(request, organisation):
    """A buyer's times: shown to whoever watches, changed by whoever manages its agreements."""
    terms = terms_of([organisation])[organisation.pk]
    changes, sent = permissions.can_set_terms(request.user, organisation), posted(request)
    form = ReportTermsForm(sent, terms=terms) if changes or sent is not None else None
    if sent is not None and form.is_valid():
        act = partial(
            actions.set_report_terms,
            organisation=organisation,
            terms=form.typed(),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        )
        if tried(form, act):
            return done(request, "The times of daily reports were saved", "report_terms", organisation.pk)
        form.seen_now(terms)
    context = {"form": form, "rows": _in_words(terms), "kept": kept_by(organisation)}
    return page(request, organisation, "monitoring/report_terms.html", active="report_terms", **context)


def _in_words(terms: Terms) -> list[tuple[str, str]]:
    """The times as they are shown."""
    days = "1 missed reporting day" if terms.escalate_after == 1 else f"{terms.escalate_after} missed days in a row"
    quiet = f"{time_in_words(terms.quiet_from)} to {time_in_words(terms.quiet_until)}"
    return [
        ("Told in the morning that a report is due", time_in_words(terms.due_today_at)),
        ("Reminded, if it is not filed", time_in_words(terms.remind_at)),
        ("A report is late after", time_in_words(terms.cut_off)),
        ("Told of a missing report, on the next reporting day", time_in_words(terms.overdue_at)),
        ("The contract manager is told after", days),
        ("Quiet hours", "None" if terms.quiet_from == terms.quiet_until else quiet),
    ]
