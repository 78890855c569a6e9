"""Reads of referrals: their list, what they still lack, what a provider may be told, and whose referral it is."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from accounts.queries import calendars_for
from accounts.states import OrganisationKind
from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.models import Enquiry, Enrolment, Pupil, Referral, ReferralFile
from referrals.queries import sealed
from referrals.rules import bases, days, outline
from referrals.rules import referral as rules
from referrals.rules.content import Content
from referrals.rules.need import Need
from referrals.rules.private import Private
from referrals.states import EnquiryState, EnrolmentKind, ReferralState

OPEN = [state for state in ReferralState if state != ReferralState.CLOSED]
SETTLED = [ReferralState.CHOSEN, ReferralState.CLOSED]
PLAIN = ("reason", "basis", "trigger_on", "phase", "mode", "minutes", "starts_on", "ends_on", "budget_pence")
# What belongs to a part of a referral: columns of the row, and fields of its sealed content.
COLUMNS = {
    "why": ("reason", "basis", "trigger_on"),
    "provision": ("lot_id", "phase", "mode", "minutes", "starts_on", "ends_on", "budget_pence"),
}
CONTENT = {
    "why": ("basis_why",),
    "provision": ("weekdays",),
    "needs": ("needs", "outline", "need", "risks"),
    "targets": ("targets", "exit_plan"),
    "funding": ("shares",),
    "views": (
        "consent",
        "consent_by",
        "consent_on",
        "consent_why",
        "pupil_heard",
        "pupil_view",
        "parent_heard",
        "parent_view",
    ),
    "contact": ("phone_who", "phone"),
}


def of_commissioner(commissioner: Organisation, *, user) -> QuerySet[Referral]:
    """The referrals of a commissioner that the person may see, without what is sealed; a trust's with those of the
    schools that are listed for the person."""
    ours = Q(commissioner=commissioner)
    if commissioner.kind == OrganisationKind.TRUST:
        ours |= Q(commissioner__parent=commissioner)
    return Referral.objects.visible_to(user).filter(ours).defer("content", "pupil__private")


def for_list(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Each with the number of offers that stand (`offers`)."""
    offers = (
        Enquiry.objects.filter(referral=OuterRef("pk"), state__in=[EnquiryState.OFFERED, EnquiryState.CHOSEN])
        .order_by()
        .values("referral")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return rows.annotate(offers=Coalesce(Subquery(offers), 0))


def still_open(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Those that are not closed."""
    return rows.filter(state__in=OPEN)


def late(rows: QuerySet[Referral], *, today: dt.date) -> QuerySet[Referral]:
    """Those whose sixth school day has come while nobody is chosen."""
    return rows.filter(sixth_on__lte=today).exclude(state__in=SETTLED)


def by_state(rows: QuerySet[Referral]) -> list[tuple[ReferralState, int]]:
    """How many there are in each state, in the order of the states; one query."""
    numbers = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    return [(state, numbers.get(state.value, 0)) for state in ReferralState]


def enquiries_of(referral: Referral) -> dict[str, int]:
    """How many of its enquiries are in each state."""
    rows = Enquiry.objects.filter(referral=referral).order_by()
    return dict(rows.values_list("state").annotate(number=Count("pk")))


def open_of(pupil: Pupil, *, user) -> list[Referral]:
    """The pupil's referrals that are not closed."""
    return list(Referral.objects.visible_to(user).filter(pupil=pupil, state__in=OPEN).order_by("-pk"))


def documents_of(referral: Referral, *, user) -> list[ReferralFile]:
    """The documents that stand with a referral."""
    return list(ReferralFile.objects.visible_to(user).filter(referral=referral).order_by("pk"))


def plain_of(referral: Referral) -> rules.Plain:
    """The plain columns, for the rules."""
    return rules.Plain(
        kind=str(referral.commissioner.kind),
        lot=referral.lot_id is not None,
        **{name: getattr(referral, name) for name in PLAIN},
    )


def values_of(referral: Referral, content: Content, part: str) -> dict:
    """What stands in a part, by the names of columns and of sealed fields."""
    return {name: getattr(referral, name) for name in COLUMNS.get(part, ())} | {
        name: getattr(content, name) for name in CONTENT[part]
    }


def missing_of(referral: Referral, content: Content, *, today: dt.date) -> dict[str, list[str]]:
    """What each part lacks, and what of the outline tells who the pupil is (`rules.referral.missing`)."""
    found = rules.missing(plain_of(referral), content, today=today)
    if said := telling_in(content.outline, referral.pupil):
        found["needs"].append(said)
    return found


def need_of(referral: Referral) -> Need:
    """The anonymised need of a complete referral: all that a provider is told before it is chosen. Raises `Refused`
    where the referral lacks a day or hours, or where its outline tells by now who the pupil is (a name was added)."""
    content, private = sealed.content_of(referral), sealed.private_of(referral.pupil)
    if said := telling_in(content.outline, referral.pupil, private):
        raise Refused(said)
    plain = plain_of(referral)
    if None in (plain.starts_on, plain.ends_on, plain.minutes):
        raise Refused("The referral does not say yet what is needed, and when. Complete it first")
    return rules.need(
        plain,
        content,
        born_on=referral.pupil.born_on,
        postcode=private.postcode,
        has_ehcp=referral.pupil.has_ehcp,
    )


def telling_in(text: str, pupil: Pupil, private: Private | None = None) -> str:
    """What to say of an outline that tells who the pupil is; empty where it does not."""
    found = outline.telling(text, names_of(pupil, private)) if text else ""
    if not found:
        return ""
    return f"The outline is read by every provider that is asked. Take out “{found}”: it could tell who the pupil is"


def names_of(pupil: Pupil, private: Private | None = None) -> outline.Names:
    """What would tell who a pupil is: three queries."""
    private = private or sealed.private_of(pupil)
    former = [name for pair in pupil.former_names.values_list("first_names", "last_name") for name in pair]
    schools = list(Enrolment.objects.filter(pupil=pupil, school__isnull=False).values_list("school__name", flat=True))
    if pupil.commissioner.kind == OrganisationKind.SCHOOL:
        schools.append(pupil.commissioner.name)
    people = [pupil.first_names, pupil.last_name, pupil.known_as, *former, *(one.name for one in private.contacts)]
    return outline.Names(
        people=tuple(name for name in people if name),
        schools=tuple(dict.fromkeys(schools)),
        streets=(private.street,) if private.street else (),
        numbers=tuple(number for number in (private.upn, private.uln) if number),
        postcode=private.postcode,
        born_on=pupil.born_on,
    )


def school_on(pupil: Pupil, day: dt.date) -> Organisation | None:
    """The school on whose roll the pupil is on a day, the main one before the other."""
    rows = Enrolment.objects.filter(pupil=pupil, school__isnull=False).open_on(day).select_related("school")
    found = sorted(rows, key=lambda one: (one.kind != EnrolmentKind.MAIN, -one.pk))
    return found[0].school if found else None


def calendar_of(organisation: Organisation) -> Calendar:
    """When an organisation is open."""
    return calendars_for([organisation])[organisation.pk]


def sixth_of(pupil: Pupil, first: dt.date | None, *, reason: str, today: dt.date) -> dict:
    """The pupil's school on the first day of an exclusion or suspension (or today), and the sixth school day where the
    reason has one, as columns of a referral."""
    school = school_on(pupil, first or today)
    found = counted(first, reason=reason, school=school, commissioner=pupil.commissioner)
    return {"school": school, "sixth_on": found.day if found else None}


def counted(
    first: dt.date | None, *, reason: str, school: Organisation | None, commissioner: Organisation
) -> days.Sixth | None:
    """How the sixth school day is counted, by the calendar of the school, or of the commissioner where the pupil is on
    no roll; None where there is nothing to count."""
    if first is None or reason not in bases.HAS_A_SIXTH_DAY:
        return None
    return days.sixth_school_day(first, calendar_of(school or commissioner))
