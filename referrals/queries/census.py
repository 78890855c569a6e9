"""What a commissioner returns in the census of its placements, with what is sealed opened: the door says so
(`audit.reads`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from lots.states import Group
from referrals.models import Placement
from referrals.queries import sealed
from referrals.queries.running import last_day_of
from referrals.rules import census as rules
from referrals.states import PlacementState, Runs

BEGUN = (PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED)
AT_ONCE = 200


def of_commissioner(organisation: Organisation, first: dt.date, last: dt.date, *, user) -> QuerySet[Placement]:
    """The placements that a commissioner made and that ran on a day from `first` to `last`, both counted."""
    rows = Placement.objects.visible_to(user).filter(commissioner=organisation, state__in=BEGUN)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=first), starts_on__lte=last, ends_on__gte=first)
    rows = rows.exclude(basis__in=rules.LEFT_OUT).select_related("provider__profile", "line")
    return rows.prefetch_related("sessions")


def streamed(rows: QuerySet[Placement], last: dt.date) -> Iterator[rules.Line]:
    """A line for each placement, read a few at a time."""
    return (line_of(one, last) for one in rows.order_by("pk").iterator(chunk_size=AT_ONCE))


def line_of(placement: Placement, last: dt.date) -> rules.Line:
    """What the census says of one placement, by the last day of its period. It has left if its last day has come."""
    pupil, private = placement.pupil, sealed.private_of(placement.pupil)
    over = last_day_of(placement)
    day = min(last, over)
    weekly = (one for one in placement.sessions.all() if one.runs != Runs.DATES)
    held = [one for one in weekly if one.from_on <= day and (one.until_on or day) >= day]
    return rules.Line(
        upn=private.upn,
        uln=private.uln,
        last_name=pupil.last_name,
        first_names=pupil.first_names,
        born_on=pupil.born_on,
        sex=private.sex,
        setting=_setting_of(placement),
        reason=placement.get_reason_display(),
        entry_on=placement.starts_on,
        leaving_on=over if over <= last else None,
        sessions=rules.sessions_a_week((one.weekday, one.starts, one.ends) for one in held),
        has_ehcp=pupil.has_ehcp,
        postcode=private.postcode,
    )


def _setting_of(placement: Placement) -> rules.Setting:
    provider = placement.provider
    profile = getattr(provider, "profile", None)
    alone = placement.line is not None and placement.line.group == Group.ONE
    return rules.setting_of(
        urn=provider.urn or (profile.school_urn if profile else ""),
        ukprn=provider.ukprn,
        establishment=provider.establishment_type,
        one_to_one=alone or bool(profile and profile.sole_tutor),
    )
