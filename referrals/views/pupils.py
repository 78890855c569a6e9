"""The list of pupils, a pupil's page, adding one, and who has seen a record."""

from __future__ import annotations

from dataclasses import replace

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import record
from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.states import OrganisationKind
from audit.reads import reads
from core import clock, exports, lists
from core.access import guard
from lots.views.setting_up import done
from providers.states import Need
from referrals.actions import pupils as actions
from referrals.forms.pupils import AddForm, FindForm
from referrals.models import Pupil
from referrals.permissions import pupils as permissions
from referrals.permissions import referrals as referral_permissions
from referrals.permissions.sharing import can_import_pupils, can_keep_pupil
from referrals.queries import pupils as queries
from referrals.rules import pupils as rules
from referrals.states import Sex
from referrals.views.frame import page
from referrals.views.pupil_frame import alike, pupil_page, standing, tried, way_to

# What the pages are called in the record of who has seen a pupil; the pupil's own page goes without saying.
PAGES = {
    "pupil_record": "who has seen this",
    "edit_pupil": "to change who this is",
    "edit_needs": "to change what the pupil needs",
    "edit_contacts": "to change the contacts",
    "move_pupil": "to move the record",
    "merge_pupil": "to put two records together",
    "merge_pupils": "two records side by side",
    "add_enrolment": "to write down a school",
    "end_enrolment": "to end an enrolment",
    "correct_enrolment": "to correct the dates of an enrolment",
}
KEPT = "pupils_found"  # the session's: whose list, and what was looked for. Sealed there, and in no address
HEADINGS = ["Last name", "First names", "Known as", "Date of birth", "Plan", "Looked after", "On the roll of", "Since"]


@guard(permissions.can_list, on=Organisation)
def pupils(request, organisation):
    """The pupils of a commissioner, by name. What is looked for is sent by POST."""
    today, flags = clock.today(), permissions.can_see_flags(request.user, organisation)
    rows = queries.pupils_of(organisation, user=request.user)
    schools = queries.schools_of(rows, today=today)
    sent = posted(request)
    if sent is not None:
        form = FindForm(sent, schools=schools, flags=flags)
        if "clear" in sent or form.is_valid():
            request.session[KEPT] = [organisation.pk, {} if "clear" in sent else form.cleaned_data]
            return redirect("pupils", organisation.pk)
        kept = {}
    else:
        form = FindForm(kept := _kept(request, organisation), schools=schools, flags=flags)
        if not form.is_valid():
            form = FindForm(kept := {}, schools=schools, flags=flags)
    if kept and form.is_valid():
        rows = _found(rows, form.cleaned_data, today)
    found = queries.page_of(queries.with_roll(rows, today=today), request.GET)
    for one in found.rows:
        one.age = rules.age_on(one.born_on, today)
    context = {
        "page": found,
        "form": form,
        "kept": any(kept.values()),
        "flags": flags,
        "may_add": permissions.can_add(request.user, organisation),
        "import_url": can_import_pupils(request.user, organisation) and way_to("import_pupils", organisation.pk),
        "is_trust": organisation.kind == OrganisationKind.TRUST,
    }
    actions.note_list(commissioner=organisation, copied=False, by=request.user, at=clock.now())
    return page(request, organisation, "referrals/pupils.html", active="pupils", **context)


def _kept(request, organisation) -> dict:
    owner, kept = request.session.get(KEPT, [None, {}])
    return kept if owner == organisation.pk else {}


def _found(rows, told: dict, today):
    if told["words"]:
        rows = queries.by_words(rows, told["words"])
    ticked = {name: True for name in ("has_ehcp", "looked_after") if told.get(name)}
    rows = rows.filter(**ticked)
    return queries.on_a_day(rows, school=told["school"], no_roll=told["no_roll"], today=today)


@guard(permissions.can_add, on=Organisation)
@require_safe
def pupils_csv(request, organisation):
    """The list as CSV, without anything that is sealed."""
    rows = queries.with_roll(queries.pupils_of(organisation, user=request.user), today=clock.today())
    actions.note_list(commissioner=organisation, copied=True, by=request.user, at=clock.now())
    lines = (_line(one) for one in rows.order_by(*queries.ORDER).iterator(chunk_size=500))
    return exports.csv_response(f"pupils-{organisation.pk}-{clock.today()}.csv", HEADINGS, lines)


def _line(pupil) -> list[str]:
    schools = [one.school.name if one.school else one.get_why_none_display() for one in pupil.now_on]
    since = [one.from_on.isoformat() for one in pupil.now_on]
    flags = ["Yes" if value else "No" for value in (pupil.has_ehcp, pupil.looked_after)]
    name = [pupil.last_name, pupil.first_names, pupil.known_as, pupil.born_on.isoformat()]
    return [*name, *flags, "; ".join(schools), "; ".join(since)]


@guard(permissions.can_add, on=Organisation)
def add_pupil(request, organisation):
    """Add a pupil."""
    is_school = organisation.kind == OrganisationKind.SCHOOL
    start = {"kind": "main", "words": f"{organisation.name} ({organisation.urn})"} if is_school else {}
    form, made = AddForm(posted(request), find=queries.all_schools_like, initial=start), []

    def act():
        different = form.cleaned_data["different"]
        who = {"who": form.who(), "roll": form.roll, "different": different}
        made.append(actions.add_pupil(commissioner=organisation, **who, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(
            request, "The pupil was added. Write down what they need and who answers for them", "pupil", made[0].pk
        )
    context = {"form": form, "alike": alike(request, form)}
    return page(request, organisation, "referrals/pupil_add.html", active="pupils", **context)


@guard(permissions.can_see, on=Pupil)
@standing
@reads("personal")
@require_safe
def pupil(request, pupil):
    """All that is known of a pupil and may be seen by this person."""
    user, who = request.user, queries.who_of(pupil)
    starts = referral_permissions.can_start(user, pupil) and not pupil.purged_at
    may = {
        "change": permissions.can_change(user, pupil) and not pupil.purged_at,
        "need": permissions.can_see_need(user, pupil),
        "record": permissions.can_see_record(user, pupil),
    }
    context = {
        "private": who.private,
        "sex": dict(Sex.choices).get(who.private.sex, ""),
        "needs": [Need(one).label for one in who.private.needs if one in Need.values],
        "age": rules.age_on(pupil.born_on, clock.today()),
        "former_names": queries.former_names_of(pupil),
        "enrolments": queries.enrolments_of(pupil, user=user),
        "today": clock.today(),
        "referrals": _referrals(pupil, user),
        "moves": queries.moves_of_pupil(pupil, user=user),
        "merges": queries.merges_of(pupil),
        "may": may,
        "start_url": starts and way_to("start_referral", pupil.pk),
        "keep_url": can_keep_pupil(user, pupil) and way_to("keep_pupil", pupil.pk),
    }
    return pupil_page(request, pupil, "referrals/pupil.html", **context)


def _referrals(pupil, user) -> list:
    rows = queries.referrals_of(pupil, user=user)
    for one in rows:
        one.url = way_to("referral", one.pk)
    return rows


@guard(permissions.can_see_record, on=Pupil)
@standing
@reads("personal")
@require_safe
def pupil_record(request, pupil):
    """Who has seen and changed this record. Of another commissioner's people it says where they were."""
    only = request.GET.get("only", "")
    found = lists.page(queries.events_of(pupil, only=only), request.GET, order=["-at", "-id"])
    elsewhere = {event.organisation_id for event in found.rows} - {pupil.commissioner_id, None}
    names = queries.names_of(elsewhere) if elsewhere else {}
    lines = [
        _line_of(event, line, names)
        for event, line in zip(found.rows, record.in_words(found.rows, {}, pupil.commissioner), strict=True)
    ]
    context = {"page": found, "lines": lines, "only": only if only in {"read", "done"} else ""}
    return pupil_page(request, pupil, "referrals/pupil_record.html", **context)


def _line_of(event, line, elsewhere: dict[int, str]):
    """An event as it reads here: which page was looked at, and of other commissioners' people no name."""
    if event.organisation_id in elsewhere:
        line = replace(line, who=f"Somebody at {elsewhere[event.organisation_id]}")
    if event.action == "referrals.pupil.read":
        line = replace(line, details=PAGES.get(event.data.get("page", ""), ""))
    elif event.action.endswith(".read"):
        by_provider = event.action == "referrals.disclosure.read"
        line = replace(line, details="by the chosen provider" if by_provider else "")
    return line
