"""A provider follows a framework: it is told of what happens there, and has a name that tells nothing."""

from __future__ import annotations

import datetime as dt
import secrets

from accounts.models import Organisation
from audit import steps as audit
from core.steps import step
from lots.models import Framework
from providers.models import Application
from providers.rules.reference import ALPHABET


@step
def follow(*, framework: Framework, provider: Organisation, by, at: dt.datetime) -> Application:
    """The provider's row for this framework, made where there is none. The name by which the buyer knows it until the
    opening is drawn by lot; one that is taken already is drawn again. Two at once make one row."""
    while (row := Application.objects.filter(framework=framework, provider=provider).first()) is None:
        alias = "Bidder " + "".join(secrets.choice(ALPHABET) for _ in range(5))
        made = Application(framework=framework, provider=provider, alias=alias, began_at=at)
        Application.objects.bulk_create([made], ignore_conflicts=True)
        if row := Application.objects.filter(framework=framework, provider=provider, alias=alias).first():
            audit.record("providers.application.followed", by=by, about=row, organisation=provider, at=at)
    return row
