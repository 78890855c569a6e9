"""Reads of pupils. Numbers and likely twins are looked for among one commissioner's own pupils and nowhere else: what
another has is told to nobody, by no message, count or time."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Collection, Mapping
from functools import reduce

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.models import Membership, Organisation
from accounts.rules.identifiers import WrongIdentifier
from accounts.states import OrganisationKind
from audit.models import Event
from core import lists
from referrals.models import Disclosure, Enrolment, FormerName, Merge, Pupil, PupilMove, Referral
from referrals.models.own import COMMISSIONS
from referrals.queries import sealed
from referrals.rules import pupils as rules
from referrals.rules.enrolments import Span
from referrals.rules.private import Private
from referrals.states import EnrolmentKind

ORDER = ["last_name", "first_names", "id"]
MOST_WORDS = 6
MOST_SCHOOLS = 20
PLAIN = rules.WHO + rules.FLAGS
COMMISSIONERS = (OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL)


def keys_of(private: Private) -> dict[str, str]:
    """The keyed hashes of the numbers, by the names of their fields on a form."""
    return {"upn": sealed.hash_of(private.upn, what="upn"), "uln": sealed.hash_of(private.uln, what="uln")}


def who_of(pupil: Pupil) -> rules.Who:
    """All that is written down of a pupil, opened. The page that shows it says so under its door (`audit.reads`)."""
    return rules.Who(**{name: getattr(pupil, name) for name in PLAIN}, private=sealed.private_of(pupil))


def numbers_taken(commissioner: int, keys: Collection[str], *, but: Collection[int] = ()) -> dict[str, int]:
    """Of these keyed hashes those that a pupil of this commissioner bears, with the pupil's key. One query."""
    asked = {key for key in keys if key}
    if not asked:
        return {}
    rows = Pupil.objects.standing().filter(commissioner=commissioner).exclude(pk__in=but)
    rows = rows.filter(Q(upn_key__in=asked) | Q(uln_key__in=asked))
    found = {}
    for pk, *keys in rows.values_list("pk", "upn_key", "uln_key"):
        found |= {key: pk for key in keys if key in asked}
    return found


def likely_same(commissioner: int, who: rules.Who) -> list[int]:
    """Keys of the commissioner's pupils with the same birthday and a like name, now or before. Two queries."""
    rows = Pupil.objects.standing().filter(commissioner=commissioner, born_on=who.born_on)
    names = {pk: [(first, last)] for pk, first, last in rows.values_list("pk", "first_names", "last_name")}
    for pk, first, last in FormerName.objects.filter(pupil__in=names).values_list("pupil", "first_names", "last_name"):
        names[pk].append((first, last))
    asked = (who.first_names, who.last_name)
    return sorted(pk for pk, borne in names.items() if any(rules.are_alike(asked, one) for one in borne))


def pupils_of(organisation: Organisation, *, user) -> QuerySet[Pupil]:
    """The pupils of a commissioner that the person may see, and for a trust those of its schools that are listed for
    them."""
    ours = Q(commissioner=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(commissioner__parent=organisation)
    return Pupil.objects.visible_to(user).standing().filter(ours)


def by_words(rows: QuerySet[Pupil], words: str) -> QuerySet[Pupil]:
    """Those with a name, now or before, in which every word stands; a whole UPN finds its pupil alone."""
    try:
        key = sealed.hash_of(rules.upn(words), what="upn")
    except WrongIdentifier:
        for word in rules.folded(words).split()[:MOST_WORDS]:
            rows = rows.filter(name_key__contains=word)
        return rows
    return rows.filter(upn_key=key)


def on_a_day(rows: QuerySet[Pupil], *, school: int | None, no_roll: bool, today: dt.date) -> QuerySet[Pupil]:
    """Those on the roll of a school today, or those on no roll: said so, or nothing written down."""
    now = Enrolment.objects.open_on(today)
    if school is not None:
        rows = rows.filter(pk__in=now.filter(school=school).values("pupil"))
    if no_roll:
        rows = rows.exclude(pk__in=now.exclude(kind=EnrolmentKind.NONE).values("pupil"))
    return rows


def schools_of(rows: QuerySet[Pupil], *, today: dt.date) -> list[tuple[int, str]]:
    """The schools on whose roll these pupils are today, by name: fifty at most."""
    now = Enrolment.objects.open_on(today).filter(pupil__in=rows.order_by().values("pk"), school__isnull=False)
    found = Organisation.objects.filter(pk__in=now.values("school"))
    return list(found.order_by("name", "pk").values_list("pk", "name")[:50])


def with_roll(rows: QuerySet[Pupil], *, today: dt.date) -> QuerySet[Pupil]:
    """Each with `now_on`: its enrolments today."""
    now = Enrolment.objects.open_on(today).select_related("school")
    return rows.prefetch_related(Prefetch("enrolments", now, to_attr="now_on"))


def page_of(rows: QuerySet[Pupil], asked: Mapping) -> lists.Page:
    """A page by name. The address says only which row it goes on from: a name stands in no address."""
    return lists.page(rows, asked, order=ORDER, discreet=True)


def enrolments_of(pupil: Pupil, *, user) -> list[Enrolment]:
    """Where the pupil was on the roll, newest first."""
    return list(Enrolment.objects.visible_to(user).filter(pupil=pupil).order_by("-from_on", "-pk"))


def spans_of(pupil: Pupil, *, but: int | None = None) -> list[Span]:
    """The enrolments as plain facts, in order."""
    rows = Enrolment.objects.filter(pupil=pupil).exclude(pk=but)
    return [Span(one.pk, one.kind, one.school_id, one.from_on, one.until_on, one.why_none) for one in rows]


def former_names_of(pupil: Pupil) -> list[FormerName]:
    """Names before, newest first."""
    return list(pupil.former_names.all())


def key_with_former(pupil: Pupil) -> str:
    """What the list searches for this pupil."""
    former = pupil.former_names.values_list("first_names", "last_name")
    return rules.name_key(pupil.first_names, pupil.last_name, pupil.known_as, former)


def standing_of(pupil: Pupil, *, user) -> Pupil | None:
    """The record that this one was put together with, where the person may see it."""
    return Pupil.objects.visible_to(user).filter(pk=pupil.merged_into_id).first()


def by_keys(pks: Collection[int], *, user) -> list[Pupil]:
    """These pupils, of those that the person may see, in order of their names."""
    return list(Pupil.objects.visible_to(user).standing().filter(pk__in=pks).order_by(*ORDER))


def referrals_of(pupil: Pupil, *, user) -> list[Referral]:
    """The pupil's referrals that the person may see, newest first."""
    return list(Referral.objects.visible_to(user).filter(pupil=pupil).order_by("-pk")[:50])


def merges_of(pupil: Pupil) -> list[Merge]:
    """What was put together into this record, newest first."""
    return list(Merge.objects.filter(kept=pupil).select_related("merged_by").order_by("-pk"))


def all_schools_like(words: str) -> list[Organisation]:
    """Schools of the national register by name or URN, open ones first: it is public."""
    return _like(Organisation.objects.filter(kind=OrganisationKind.SCHOOL), words)


def all_commissioners_like(words: str, *, but: int) -> list[Organisation]:
    """Open schools, trusts and councils by name or URN, without one of them."""
    return _like(Organisation.objects.filter(kind__in=COMMISSIONERS, is_open=True).exclude(pk=but), words)


def _like(rows: QuerySet[Organisation], words: str) -> list[Organisation]:
    if urn := re.search(r"(?<![0-9])[1-9][0-9]{5}(?![0-9])", words, flags=re.ASCII):
        rows = rows.filter(urn=urn[0])
    else:
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(name__icontains=word)
    return list(rows.order_by("-is_open", "name", "pk")[:MOST_SCHOOLS])


def moves_of(organisation: Organisation, *, user) -> QuerySet[PupilMove]:
    """Moves of records to or from this commissioner."""
    return PupilMove.objects.visible_to(user).filter(Q(giver=organisation) | Q(taker=organisation))


def open_move_of(pupil: Pupil, *, user) -> PupilMove | None:
    """The move that waits for an answer, if there is one."""
    return PupilMove.objects.visible_to(user).waiting().filter(pupil=pupil).first()


def moves_of_pupil(pupil: Pupil, *, user) -> list[PupilMove]:
    """The pupil's moves that the person may see, newest first."""
    return list(PupilMove.objects.visible_to(user).filter(pupil=pupil).order_by("-pk"))


def commissioning_people(organisation: Organisation) -> list[tuple[int, str]]:
    """Key and address of those who write pupils there: its own people, and those of its trust for whom it is listed."""
    live = Membership.objects.live().filter(role__in=COMMISSIONS)
    theirs = Q(organisation=organisation) | Q(schools=organisation, organisation=F("schools__parent"))
    return sorted(live.filter(theirs).values_list("user_id", "user__email").distinct())


def events_of(pupil: Pupil, *, only: str = "") -> QuerySet[Event]:
    """What happened to the record, to those that were put together into it, to its enrolments and moves, and who read
    its referrals, the chosen provider's people among them. `only` narrows it to what was looked at ("read") or to what
    was done ("done"). The page has the door."""
    referrals = list(pupil.referrals.values_list("pk", flat=True))
    things = {
        "referrals.pupil": [pupil.pk, *pupil.merged.values_list("pk", flat=True)],
        "referrals.enrolment": list(pupil.enrolments.values_list("pk", flat=True)),
        "referrals.pupilmove": list(pupil.moves.values_list("pk", flat=True)),
        "referrals.referral": referrals,
        "referrals.disclosure": list(Disclosure.objects.filter(referral__in=referrals).values_list("pk", flat=True)),
    }
    about = reduce(operator.or_, (Q(about_type=kind, about_id__in=ids) for kind, ids in things.items()))
    rows = Event.objects.filter(about)
    if only == "read":
        return rows.filter(action__endswith=".read")
    return rows.exclude(action__endswith=".read") if only == "done" else rows


def names_of(organisations: Collection[int]) -> dict[int, str]:
    """Names of these organisations."""
    return dict(Organisation.objects.filter(pk__in=organisations).values_list("pk", "name"))


def others_like(pupil: Pupil, words: str, *, user) -> list[Pupil]:
    """Records of the same commissioner that may be of the same pupil: the same birthday, the same last name, or found
    by these words. Twenty at most."""
    rows = Pupil.objects.visible_to(user).standing().filter(commissioner=pupil.commissioner_id).exclude(pk=pupil.pk)
    near = by_words(rows, words) if words else rows.filter(Q(born_on=pupil.born_on) | Q(last_name=pupil.last_name))
    return list(near.order_by(*ORDER)[:20])


def other_of(pupil: Pupil, pk: int, *, user) -> Pupil | None:
    """Another record of the same commissioner that the person may see."""
    rows = Pupil.objects.visible_to(user).standing().filter(commissioner=pupil.commissioner_id).exclude(pk=pupil.pk)
    return rows.filter(pk=pk).first()


def enrolment_of(pupil: Pupil, pk: int, *, user) -> Enrolment | None:
    """One of the pupil's enrolments."""
    return Enrolment.objects.visible_to(user).filter(pupil=pupil, pk=pk).first()
