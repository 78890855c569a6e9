"""Reads about people and organisations. `all_…` reads across organisations: only operators' pages and steps use it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import (
    Closure,
    HeldAnswers,
    Invitation,
    LookAlike,
    Membership,
    Organisation,
    Postcode,
    TermDates,
    User,
)
from accounts.models.organisations import roles_of
from accounts.rules import names, people
from accounts.states import MANAGES_PEOPLE, OrganisationKind, Role
from audit.models import Event
from core.calendars import Calendar


def forget_roles(user) -> None:
    """Read the person's roles anew at the next question. An action does this once it holds its lock: whoever was
    removed while it waited is refused."""
    if hasattr(user, "_roles_held"):
        del user._roles_held


def has_role(user, *roles: Role, organisation=None) -> bool:
    """Holds one of `roles`, anywhere or in `organisation` (a row or its id)."""
    pk = getattr(organisation, "pk", organisation)
    return any(held.role in roles and pk in (None, held.organisation_id) for held in roles_of(user))


def has_confirmed(user, address: str) -> bool:
    """The person has proved that letters to `address` reach them."""
    # Both stand in small letters. `iexact` would not do: PostgreSQL takes capitals, and ı (another domain) becomes I.
    return EmailAddress.objects.filter(user=user, email=address.strip().lower(), verified=True).exists()


def never_confirmed(*, before: dt.datetime) -> QuerySet[User]:
    """People who signed up before then, confirmed no address, and did or were nothing since."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    linked = SocialAccount.objects.filter(user=OuterRef("pk"))
    known = Membership.objects.filter(user=OuterRef("pk"))
    by_them = Event.objects.filter(by=OuterRef("pk")).exclude(about_type="accounts.user", about_id=OuterRef("pk"))
    return User.objects.filter(
        ~Exists(confirmed),
        ~Exists(linked),
        ~Exists(known),
        ~Exists(by_them),
        is_active=True,
        is_operator=False,
        last_login=None,
        created_at__lt=before,
    )


def with_second_step(people: QuerySet[User]) -> QuerySet[User]:
    """Those of these people who have set up a second step, or sign in at an identity provider: which asks for its own,
    or they are asked here when they come in. Everybody where this deployment does not demand one (the demo)."""
    if not settings.SECOND_STEP_DEMANDED:
        return people
    steps = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return people.filter(Exists(steps) | Exists(SocialAccount.objects.filter(user=OuterRef("pk"))))


def managers_of(organisation) -> set[int]:
    """Ids of the people who manage the organisation's people now."""
    return set(
        Membership.objects.live()
        .filter(organisation=organisation, role__in=MANAGES_PEOPLE)
        .values_list("user_id", flat=True)
    )


def addresses_of_managers(organisation) -> list[tuple[int, str]]:
    """(id, email address) of those people, for a letter."""
    return list(User.objects.filter(pk__in=managers_of(organisation)).order_by("pk").values_list("pk", "email"))


def addresses_of_operators() -> list[tuple[int, str]]:
    """(id, email address) of the operators."""
    return list(User.objects.filter(is_operator=True, is_active=True).order_by("pk").values_list("pk", "email"))


def organisations_for(*, user) -> QuerySet[Organisation]:
    """The organisations that the person may see, by name."""
    return Organisation.objects.visible_to(user).order_by("name", "id")


def people_of(organisation, *, user) -> QuerySet[Membership]:
    """The roles held now in an organisation that `user` belongs to or, as an operator, sees; by name of the person."""
    here = user.is_active and (user.is_operator or has_role(user, *Role, organisation=organisation))
    if not organisation.is_open or not here:
        return Membership.objects.none()
    return (
        Membership.objects.filter(organisation=organisation, ended_at=None, user__is_active=True)
        .select_related("user")
        .only("organisation_id", "role", "person_name", "given_at", "user__name", "user__email")
        .order_by("person_name", "id")
    )


def roles_in(organisation, person) -> list[Membership]:
    """What one person holds in one organisation now."""
    return list(Membership.objects.live().filter(organisation=organisation, user=person).order_by("role"))


def person_in(organisation, pk: int, *, user) -> User | None:
    """A person who holds a role in an organisation that `user` may see, or None."""
    held = Membership.objects.visible_to(user).live().filter(organisation=organisation)
    return User.objects.filter(pk=pk, pk__in=held.values("user")).first()


def invitations_of(organisation, *, user) -> QuerySet[Invitation]:
    """Invitations that nobody has accepted or withdrawn, run out or not, newest first."""
    return (
        Invitation.objects.visible_to(user)
        .filter(organisation=organisation, accepted_at=None, revoked_at=None)
        .order_by("-sent_at", "-id")
    )


def invitation_for_token(token: str, *, at: dt.datetime) -> Invitation | None:
    """The open invitation whose secret this is. The secret is the permission: whoever holds it may see that it is
    open and who sent it, nothing more."""
    if not token:
        return None
    open_now = Invitation.objects.open(at).select_related("organisation")
    return open_now.filter(token_hash=people.token_hash(token), organisation__is_open=True).first()


def letters_sent_today(organisation, *, at: dt.datetime) -> int:
    """How many invitations the organisation has sent in the 24 hours before `at`."""
    return Invitation.objects.filter(organisation=organisation, sent_at__gt=at - dt.timedelta(hours=24)).count()


def grid_of(postcode: str) -> tuple[int, int] | tuple[None, None]:
    """Where a postcode in its usual spelling is (easting and northing, in metres), as far as the list knows it."""
    return Postcode.objects.filter(code=postcode).values_list("easting", "northing").first() or (None, None)


def schools_of_trust(trust) -> QuerySet[Organisation]:
    """The schools whose parent the trust is: those that may be listed for its people."""
    return Organisation.objects.filter(parent=trust, kind=OrganisationKind.SCHOOL).order_by("name", "id")


def schools_seen_by(user) -> set[int]:
    """Ids of the schools that a trust's person may see: those listed for their roles, and still the trust's."""
    listed = Membership.objects.live().filter(user=user, organisation__kind=OrganisationKind.TRUST)
    return set(
        listed.filter(schools__parent=F("organisation"), schools__isnull=False).values_list("schools", flat=True)
    )


def dates_of(organisation, *, user) -> tuple[list[TermDates], list[Closure]]:
    """Terms and closures of an organisation that `user` may see, in order of their first day."""
    return (
        list(TermDates.objects.visible_to(user).filter(organisation=organisation)),
        list(Closure.objects.visible_to(user).filter(organisation=organisation)),
    )


def calendars_for(organisations: Iterable[Organisation]) -> dict[int, Calendar]:
    """A calendar for each organisation, by id, in one query."""
    return calendars_and_closures_for(organisations)[0]


def calendars_and_closures_for(organisations: Iterable[Organisation]) -> tuple[dict[int, Calendar], dict[int, list]]:
    """A calendar for each organisation, and its closures (first day, last day, reason) in order, by id, in one query.

    Its own terms and closures; where it wrote down no terms, those of the council of its area (`la_code`), and its own
    closures beside the council's. A trust's dates are not its schools'.
    """
    organisations = list(organisations)
    ids = [organisation.pk for organisation in organisations]
    areas = {organisation.la_code for organisation in organisations} - {""}
    wanted = Q(organisation__in=ids) | Q(organisation__kind=OrganisationKind.AUTHORITY, organisation__la_code__in=areas)
    fields = ("organisation_id", "organisation__kind", "organisation__la_code", "starts_on", "ends_on", "what", "why")
    rows = (
        TermDates.objects.filter(wanted)
        .order_by()
        .annotate(what=Value("term", output_field=CharField()), why=F("name"))
        .values_list(*fields)
        .union(
            Closure.objects.filter(wanted)
            .order_by()
            .annotate(what=Value("closure", output_field=CharField()), why=F("reason"))
            .values_list(*fields)
        )
    )
    own, of_area = defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set))
    for pk, kind, la_code, starts_on, ends_on, what, why in rows:
        own[pk][what].add((starts_on, ends_on, why))
        if kind == OrganisationKind.AUTHORITY and la_code:
            of_area[la_code][what].add((starts_on, ends_on, why))
    calendars, reasons = {}, {}
    for organisation in organisations:
        terms, closures = own[organisation.pk]["term"], own[organisation.pk]["closure"]
        if not terms and organisation.la_code:
            council = of_area[organisation.la_code]
            terms, closures = council["term"], closures | council["closure"]
        calendars[organisation.pk] = Calendar(terms=_spans(terms), closures=_spans(closures))
        reasons[organisation.pk] = sorted(closures)
    return calendars, reasons


def _spans(dates: set[tuple[dt.date, dt.date, str]]) -> tuple[tuple[dt.date, dt.date], ...]:
    return tuple(sorted({(starts_on, ends_on) for starts_on, ends_on, _ in dates}))


def all_look_alikes() -> QuerySet[LookAlike]:
    """Every pair of organisations that may be one, undecided ones first. For operators."""
    return LookAlike.objects.select_related("organisation", "resembles", "decided_by").order_by(
        F("decided_at").asc(nulls_first=True), "-id"
    )


def all_known_providers() -> list[names.Known]:
    """What is compared of every provider. For the comparison alone."""
    rows = Organisation.objects.filter(kind=OrganisationKind.PROVIDER, is_open=True).values(
        "pk", "name_key", "postcode", *names.LABELS
    )
    return [
        names.Known(
            pk=row["pk"],
            name_key=row["name_key"],
            postcode=row["postcode"],
            numbers=frozenset((register, row[register]) for register in names.LABELS if row[register]),
        )
        for row in rows
    ]


def demo_worlds(mark: str) -> set[str]:
    """The demo worlds that bear this mark ("begun" or "loaded") in the record, which nobody can remove; none outside
    a demo."""
    events = Event.objects.filter(action=f"accounts.demo.{mark}", by=None)
    return {data.get("world", "") for data in events.values_list("data", flat=True)}


def anybody_here() -> bool:
    """Whether anybody at all has an account."""
    return User.objects.exists()


def kept_answers_of(user, *, at: dt.datetime, pk: int | None = None):
    """What was kept of the person's typing and has not run out at `at`, newest first; with `pk` that one, or None."""
    rows = HeldAnswers.objects.filter(user=user, expires_at__gt=at).order_by("-held_at", "-id")
    return rows if pk is None else rows.filter(pk=pk).first()


def sessions_of(user) -> list[UserSession]:
    """The person's sessions that still live, the one used last first, in one query whatever their number."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(UserSession.objects.filter(user=user, session_key__in=living).order_by("-last_seen_at", "-id"))
