"""A provider fills in its profile; two tabs; what the database itself refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from core import access
from lots.rules.refusals import Refused
from providers.actions import covers, profiles
from providers.models import Accreditation, Insurance, Profile, Site
from providers.queries.profiles import bidder_of, values_of
from providers.rules import profile as rules
from providers.rules.seen import fingerprint
from tests.patience import found_by, without_lock
from tests.providers.library import AT, accredited, add, cover, site

LEAD = {
    "lead_name": "Dee Rowe",
    "lead_email": "dee@ash-house.example",
    "lead_phone": "01632 960 001",
    "lead_trained_on_0": "1",
    "lead_trained_on_1": "9",
    "lead_trained_on_2": "2025",
}


def form_of(client, address) -> dict:
    """What the page's form holds, as a browser would send it back."""
    return answers_of(client.get(address).context["form"])


def answers_of(form) -> dict:
    found = {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if hasattr(widget, "decompress"):
            parts = widget.decompress(value) if not isinstance(value, list) else value
            found |= {f"{bound.html_name}_{number}": part or "" for number, part in enumerate(parts)}
        elif value is True:
            found[bound.html_name] = "on"
        elif value is not False:
            found[bound.html_name] = "" if value is None else value
    return found


def group(world, name: str) -> str:
    return reverse("edit_profile", args=[world.ash_house.pk, name])


def sent(client, address, **changes):
    return client.post(address, form_of(client, address) | changes)


def test_alice_fills_in_every_group_and_the_list_of_what_is_missing_grows_shorter(world, sign_in):
    client = sign_in(world.alice)
    pages = {
        "about": {"description": "Bicycles and a kitchen", "website": "ash-house.example", "sole_tutor": "on"},
        "teaching": {
            "phases": ["secondary", "post_16"], "lowest_age": "11", "highest_age": "18", "needs": ["semh", "autism"],
            "places": "24",
        },
        "registration": {"registration": "registered", "school_urn": "900001"},
        "ofsted": {"ofsted_outcome": "Good", "ofsted_on_0": "2", "ofsted_on_1": "3", "ofsted_on_2": "2025"},
        "safeguarding": LEAD,
    }  # fmt: skip
    for name, answers in pages.items():
        assert sent(client, group(world, name), **answers).status_code == 302

    page = client.get(reverse("provider_profile", args=[world.ash_house.pk]))
    text = page.content.decode()

    assert [task["title"] for task in page.context["tasks"] if task["done"]] == [
        "What you offer", "Who you teach", "Whether you are a registered school", "Your safeguarding lead",
    ]  # fmt: skip
    assert "In the national register: Elm Grove School" in text
    for words in ("Secondary, 16+", "11 to 18", "https://ash-house.example", "1 September 2025", "dee@ash-house"):
        assert words in text
    events = Event.objects.filter(action="providers.profile.changed").order_by("pk")
    assert events[0].data == {"fields": ["description", "website", "sole_tutor"]}
    assert events.count() == 5


def test_a_number_that_the_register_does_not_know_is_taken_and_said(world, sign_in):
    client = sign_in(world.alice)

    sent(client, group(world, "registration"), registration="registered", school_urn="123456")

    assert (
        "Not found in the portal’s copy"
        in client.get(reverse("provider_profile", args=[world.ash_house.pk])).content.decode()
    )


def test_the_public_part_and_the_rest_stand_apart(world, sign_in):
    client = sign_in(world.alice)
    sent(client, group(world, "safeguarding"), **LEAD)
    sent(client, group(world, "teaching"), places="24")
    cover(world.alice)

    text = client.get(reverse("provider_profile", args=[world.ash_house.pk])).content.decode()
    public, private = text.split("Only you and buyers that you apply to</h2>")

    for words in ("dee@ash-house.example", "Pupils at one time", "Public liability</td>"):
        assert words not in public
    assert "dee@ash-house.example" in private
    assert "Pupils at one time" in private


def test_staff_see_all_of_it_and_change_nothing(world, sign_in):
    site(world.alice)
    cover(world.alice)
    accredited(world.alice)

    text = sign_in(world.bob).get(reverse("provider_profile", args=[world.ash_house.pk])).content.decode()

    assert "The Barn" in text
    for name in ("edit_profile", "change_site", "add_site", "change_insurance", "remove_accreditation"):
        assert f"/{name.split('_')[0]}" not in text.replace("/organisations/", "/").split("<main")[1]


def test_what_does_not_fit_together_is_refused_at_its_field_and_nothing_typed_is_lost(world, sign_in):
    client = sign_in(world.alice)

    page = sent(client, group(world, "teaching"), lowest_age="16", highest_age="11")

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"highest_age"}
    assert 'value="16"' in page.content.decode()
    assert not Profile.objects.exists()


def test_an_address_on_the_web_that_is_none_is_refused(world, sign_in):
    client = sign_in(world.alice)

    for typed in ("javascript:alert(1)", "ftp://ash-house.example", "not an address", "https://a\u202eb.example"):
        page = sent(client, group(world, "about"), website=typed)
        assert page.context["form"].errors.keys() == {"website"}, typed


def test_a_group_that_there_is_not_is_not_found(world, sign_in):
    assert sign_in(world.alice).get(group(world, "nonsense")).status_code == 404


# --- Two tabs


def test_whoever_saves_second_is_told_and_overwrites_nothing(world, sign_in):
    client, address = sign_in(world.alice), group(world, "about")
    first, second = form_of(client, address), form_of(client, address)
    client.post(address, first | {"description": "Bicycles"})

    page = client.post(address, second | {"description": "A kitchen"})
    text = page.content.decode()

    assert page.status_code == 409
    assert "Somebody changed this since you opened it" in text
    assert "Bicycles" in text
    assert "A kitchen" in text
    assert Profile.objects.get().description == "Bicycles"

    assert client.post(address, answers_of(page.context["form"])).status_code == 302
    assert Profile.objects.get().description == "A kitchen"


def test_tabs_on_two_groups_do_not_meet(world, sign_in):
    client = sign_in(world.alice)
    about, ofsted = form_of(client, group(world, "about")), form_of(client, group(world, "ofsted"))

    answers = [
        client.post(group(world, "about"), about | {"description": "Bicycles"}).status_code,
        client.post(group(world, "ofsted"), ofsted | {"ofsted_outcome": "Good"}).status_code,
    ]

    assert answers == [302, 302]
    assert (Profile.objects.get().description, Profile.objects.get().ofsted_outcome) == ("Bicycles", "Good")


@pytest.mark.parametrize("what", ["site", "insurance", "accreditation"])
def test_two_tabs_on_one_line_of_the_profile(world, sign_in, what):
    made = {"site": site, "insurance": cover, "accreditation": accredited}[what](world.alice)
    field = {"site": "name", "insurance": "insurer", "accreditation": "by"}[what]
    client, address = sign_in(world.alice), reverse(f"change_{what}", args=[made.pk])
    first, second = form_of(client, address), form_of(client, address)

    assert client.post(address, first | {field: "The Mill"}).status_code == 302
    page = client.post(address, second | {field: "The Yard"})

    made.refresh_from_db()
    assert page.status_code == 409
    assert "The Mill" in page.content.decode()
    assert getattr(made, field) == "The Mill"
    assert Event.objects.filter(action=f"providers.{what}.changed").get().data == {"fields": [field]}


def test_saving_what_stands_already_records_nothing(world, sign_in):
    client = sign_in(world.alice)
    sent(client, group(world, "about"), description="Bicycles")

    sent(client, group(world, "about"))

    assert Event.objects.filter(action="providers.profile.changed").count() == 1


# --- Sites, insurances, accreditations


def test_a_site_is_added_and_taken_out_of_use(world, sign_in):
    client = sign_in(world.alice)
    answers = {
        "name": "The Barn", "kind": "premises", "town": "Larkford", "postcode": "la11aa", "uprn": "100 012 345 678",
        "show_address": "no", "phases": ["secondary"],
    }  # fmt: skip
    client.post(reverse("add_site", args=[world.ash_house.pk]), answers)
    made = Site.objects.get()
    assert (made.postcode, made.uprn, made.show_address) == ("LA1 1AA", "100012345678", False)

    close = reverse("close_site", args=[made.pk])
    assert "The Barn" in client.get(close).content.decode()
    client.post(close)

    assert Site.objects.open().count() == 0
    assert "removed by somebody else" in client.post(close, follow=True).content.decode()


@pytest.mark.parametrize(("sole", "shows"), [("", "yes"), ("on", "no")])
def test_a_sole_tutors_address_is_kept_back_unless_they_say_otherwise(world, sign_in, sole, shows):
    client = sign_in(world.alice)
    sent(client, group(world, "about"), sole_tutor=sole)

    assert form_of(client, reverse("add_site", args=[world.ash_house.pk]))["show_address"] == shows


def test_an_insurance_names_its_certificate_in_the_library(world, sign_in):
    item = add(world.alice, title="Certificate of insurance").item
    client = sign_in(world.alice)
    answers = {
        "kind": "public", "insurer": "Insurer", "policy_number": "123456", "cover_pence": "£5,000,000",
        "ends_on_0": "1", "ends_on_1": "9", "ends_on_2": "2026", "item_id": str(item.pk),
    }  # fmt: skip
    client.post(reverse("add_insurance", args=[world.ash_house.pk]), answers)

    made = Insurance.objects.get()
    assert (made.cover_pence, made.item_id, made.policy_number) == (5_000_000_00, item.pk, "123456")
    change = reverse("change_insurance", args=[made.pk])
    assert form_of(client, change)["cover_pence"] == "£5,000,000"
    client.post(reverse("remove_insurance", args=[made.pk]))
    assert Insurance.objects.held().count() == 0


def test_an_accreditation_is_added_once_and_removed(world, sign_in):
    client = sign_in(world.alice)
    add_one = reverse("add_accreditation", args=[world.ash_house.pk])
    client.post(add_one, {"by": "Mereshire Council", "what": "Outdoor work"})

    page = client.post(add_one, {"by": "Mereshire Council", "what": "Outdoor work"})

    assert "in your list already" in page.content.decode()
    remove = reverse("remove_accreditation", args=[Accreditation.objects.get().pk])
    client.post(remove)
    assert Accreditation.objects.count() == 0


VALUES = {
    "site": dict.fromkeys(rules.SITE, "") | {"name": "S", "kind": "online", "phases": [], "places": None}
    | {"show_address": True},
    "insurance": {
        "kind": "motor", "insurer": "I", "policy_number": "", "cover_pence": 1, "activities": "", "starts_on": None,
        "ends_on": dt.date(2027, 1, 1), "item_id": None,
    },
    "accreditation": {"by": "B", "what": "", "given_on": None, "ends_on": None},
}  # fmt: skip
ACTIONS = {
    "site": (profiles.add_site, profiles.change_site, profiles.close_site, site),
    "insurance": (covers.add_insurance, covers.change_insurance, covers.remove_insurance, cover),
    "accreditation": (covers.add_accreditation, covers.change_accreditation, covers.remove_accreditation, accredited),
}


@pytest.mark.parametrize("what", ACTIONS)
@pytest.mark.parametrize("who", ["bob", "charlie", "olu", "max"])
def test_nobody_but_its_leads_changes_a_profile(world, what, who):
    to_add, to_change, to_remove, make = ACTIONS[what]
    made, by = make(world.alice), getattr(world, who)
    seen = fingerprint(values_of(made, VALUES[what]))

    with pytest.raises(access.Denied):
        to_add(provider=world.ash_house, values=VALUES[what], by=by, at=AT)
    with pytest.raises(access.Denied):
        to_change(**{what: made}, values=VALUES[what], seen=seen, by=by, at=AT)
    with pytest.raises(access.Denied):
        to_remove(**{what: made}, by=by, at=AT)
    with pytest.raises(access.Denied):
        profiles.edit_profile(provider=world.ash_house, group="about", values={}, seen="", by=by, at=AT)


@pytest.mark.parametrize("what", ACTIONS)
def test_what_was_removed_meanwhile_is_not_changed(world, what):
    _, to_change, to_remove, make = ACTIONS[what]
    made = make(world.alice)
    seen = fingerprint(values_of(made, VALUES[what]))
    to_remove(**{what: made}, by=world.alice, at=AT)
    made.pk = made.pk or Event.objects.latest("pk").about_id

    for act in (to_change, to_remove):
        words = {"values": VALUES[what], "seen": seen} if act is to_change else {}
        with pytest.raises(Refused, match="removed by somebody else"):
            act(**{what: made}, **words, by=world.alice, at=AT)


def test_a_certificate_of_somebody_elses_library_is_refused(world):
    theirs = add(world.charlie).item

    with pytest.raises(Refused):
        cover(world.alice, item_id=theirs.pk)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "online", "postcode": "LA1 1AA"},
        {"kind": "home", "street": "1 Station Road"},
        {"kind": "online", "uprn": "1"},
        {"kind": "premises", "postcode": ""},
    ],
)
def test_the_database_keeps_homes_without_addresses(world, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(provider=world.ash_house, name="S", added_at=AT, **broken)


@pytest.mark.parametrize(
    "broken", [{"school_urn": "900001"}, {"lowest_age": 12, "highest_age": 11, "registration": "applied"}]
)
def test_the_database_keeps_profiles_that_fit_together(world, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.create(provider=world.ash_house, updated_at=AT, **broken)


def test_the_database_keeps_covers_in_order(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Insurance.objects.create(
            provider=world.ash_house, kind="public", insurer="I", cover_pence=1,
            starts_on=dt.date(2026, 2, 1), ends_on=dt.date(2026, 1, 1),
        )  # fmt: skip


def test_an_application_starts_from_what_the_profile_says(world, sign_in, django_assert_num_queries):
    client = sign_in(world.alice)
    sent(client, group(world, "about"), sole_tutor="on")
    sent(client, group(world, "registration"), registration="registered", school_urn="900001")
    site(world.alice, kind="online", street="", town="", postcode="")
    world.ash_house.ukprn = "10012345"

    with django_assert_num_queries(1):
        bidder = bidder_of(world.ash_house)

    assert bidder.numbers == {"ukprn": "10012345", "urn": "900001"}
    assert (bidder.online_only, bidder.sole_tutor, bidder.registered_school) == (True, True, True)
    site(world.alice)
    assert bidder_of(world.ash_house).online_only is False
    assert bidder_of(world.birch_farm).online_only is False


def test_the_profile_costs_the_same_however_much_is_in_it(world, sign_in, django_assert_num_queries):
    client, address = sign_in(world.alice), reverse("provider_profile", args=[world.ash_house.pk])
    sent(client, group(world, "registration"), registration="registered", school_urn="900001")
    client.get(address)
    for how_many in (1, 2):
        for number in range(how_many):
            site(world.alice, name=f"Site {number}")
            cover(world.alice, item_id=add(world.alice).item.pk)
            accredited(world.alice, by=f"Council {how_many}{number}")

        with django_assert_num_queries(11):
            client.get(address)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [False, True])
def test_of_two_who_save_at_once_one_is_told(meet, monkeypatch, locked):
    from accounts.models import Organisation
    from providers.rules.seen import Changed
    from tests.cast import make_world

    world = make_world()
    nothing = {"description": "", "website": "", "sole_tutor": False}
    Profile.objects.create(provider=world.ash_house, updated_at=AT)
    if not locked:
        without_lock(monkeypatch, Organisation)
    meet(profiles, "check_unchanged")

    def save(text):
        def call():
            try:
                return profiles.edit_profile(
                    provider=world.ash_house, group="about", values=nothing | {"description": text},
                    seen=fingerprint(nothing), by=world.alice, at=AT,
                )  # fmt: skip
            except Changed as told:
                return told

        return call

    found = found_by(save("Bicycles"), save("A kitchen"))

    assert sum(isinstance(one, Changed) for one in found) == (1 if locked else 0)


def test_what_somebody_else_saved_is_told_in_words():
    from providers.forms.profile import AboutForm
    from providers.forms.rows import InsuranceForm, SiteForm

    place, policy, about = SiteForm(), InsuranceForm(documents=[(7, "Certificate")]), AboutForm()

    assert [
        place.in_words("phases", ["secondary", "post_16"]),
        place.in_words("show_address", True),
        place.in_words("kind", "online"),
        place.in_words("places", None),
        policy.in_words("ends_on", dt.date(2027, 1, 1)),
        policy.in_words("cover_pence", 500),
        policy.in_words("item_id", 7),
        about.in_words("sole_tutor", False),
        about.in_words("sole_tutor", True),
    ] == ["Secondary, 16+", "Yes", "Online only", "", "1 January 2027", "£5", "Certificate", "No", "Yes"]
