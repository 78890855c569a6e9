"""The first page, the navigation by role, the theme, and what a page costs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Membership, Organisation
from accounts.states import Role
from apframework import look
from apframework.navigation import Navigation
from tests.accounts.test_invitations import link, send
from tests.cast import make_person


def navigation_of(user, address: str = "/") -> Navigation:
    from django.urls import resolve

    request = RequestFactory().get(address)
    request.user = user
    request.resolver_match = resolve(address)
    return Navigation(request)


def test_a_stranger_reads_what_the_portal_is_and_how_to_come_in(db, client):
    page = client.get("/").content.decode()

    assert "Sign in" in page
    assert reverse("account_login") in page
    assert "Register as a provider" in page


def test_alice_finds_her_organisation_and_what_to_do(world, sign_in):
    answer = sign_in(world.alice).get("/")

    assert [place.name for place in answer.context["places"]] == ["Ash House"]
    assert [(task.title, task.done) for task in answer.context["tasks"]] == [
        ("Daily report of Ash House", False),
        ("Set up a second step for signing in", True),
        ("See which frameworks are open for applications", False),
        ("Applications of Ash House", False),
        ("Profile of Ash House", False),
        ("Evidence library of Ash House", False),
        ("Places of Ash House on frameworks", False),
        ("Invite colleagues to Ash House", False),
        ("Check the term dates of Ash House", False),
    ]


@pytest.mark.parametrize(("who", "organisation"), [("max", "larkshire"), ("tariq", "oak_trust")])
def test_whoever_buys_finds_the_frameworks_first(world, sign_in, who, organisation):
    organisation = getattr(world, organisation)
    answer = sign_in(getattr(world, who)).get("/")
    own = reverse("organisation_frameworks", args=[organisation.pk])

    first = answer.context["tasks"][0]
    links = navigation_of(getattr(world, who)).links

    assert (first.title, first.url) == (f"Frameworks of {organisation.name}", own)
    assert [link.url for link in links if link.label == "Frameworks"] == [own]


TEACHING = [
    "Registers",
    "Daily report",
    "Enquiries",
    "Placements",
    "Free places",
    "Changes",
    "Profile",
    "Evidence library",
]
PUPILS = ["Pupils", "Referrals", "Placements", "Registers", "Daily reports"]
KEPT = ["Daily report", "Enquiries", "Free places", "Changes", "Profile", "Evidence library"]


@pytest.mark.parametrize("who", ["nora", "alice", "sana", "olu"])
def test_everybody_else_is_led_to_the_published_ones(world, who):
    links = navigation_of(getattr(world, who)).links

    assert [link.url for link in links if link.label == "Frameworks"] == [reverse("frameworks")]


def test_nora_who_belongs_nowhere_is_shown_how_to_register(world, sign_in):
    answer = sign_in(world.nora).get("/")

    assert [task.title for task in answer.context["tasks"]] == [
        "Set up a second step for signing in",
        "Register your organisation",
    ]


def test_the_second_step_is_still_to_do_for_somebody_without(db, sign_in):
    person = make_person("wren", second_step=False)

    assert sign_in(person).get("/").context["tasks"][0].done is False


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("nora", ["Start", "Frameworks"]),
        ("alice", ["Start", "Frameworks", "Applications", *KEPT, "Ash House", "People", "Term dates", "Record"]),
        ("bob", ["Start", "Frameworks", *TEACHING, "Ash House", "People", "Term dates"]),
        ("max", ["Start", "Frameworks", "Find provision", "Larkshire Council", "People", "Term dates"]),
        ("ada", ["Start", "Frameworks", "Find provision", "Larkshire Council", "People", "Term dates", "Record"]),
        ("eve", ["Start", "Frameworks", "Find provision", *PUPILS, "Larkshire Council", "People", "Term dates"]),
        ("olu", ["Start", "Frameworks", "Organisations", "List of schools", "Look-alikes", "Letters", "Long tasks"]),
    ],
)
def test_the_navigation_leads_where_the_person_may_go(world, who, labels):
    assert [link.label for link in navigation_of(getattr(world, who)).links] == labels


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("who", ["nora", "alice", "bob", "sana", "tariq", "max", "ada", "fay", "olu"])
def test_every_link_of_the_navigation_opens(world, sign_in, settings, who, demo):
    settings.DEMO = demo
    person = getattr(world, who)
    client = sign_in(person)
    links = navigation_of(person).links

    answers = {link.label: client.get(link.url).status_code for link in links}

    assert answers == {link.label: 200 for link in links}


def test_somebody_in_two_organisations_is_led_through_the_one_that_is_open(world):
    Membership.objects.create(
        user=world.alice, organisation=world.birch_farm, role=Role.PROVIDER_STAFF, given_at=world.alice.created_at
    )

    start = navigation_of(world.alice)
    inside = navigation_of(world.alice, reverse("organisation", args=[world.birch_farm.pk]))

    assert [link.label for link in start.links] == ["Start", "Frameworks"]
    assert [link.label for link in inside.links] == [
        "Start",
        "Frameworks",
        *TEACHING,
        "Birch Farm",
        "People",
        "Term dates",
    ]
    assert [link.label for link in inside.links if link.active] == ["Birch Farm"]


def test_the_navigation_costs_one_query(world, django_assert_num_queries):
    navigation = navigation_of(world.ada)

    with django_assert_num_queries(1):
        navigation.links
        navigation.places


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_start_page_costs_the_same_for_one_organisation_and_for_three(
    world, sign_in, how_many, django_assert_max_num_queries
):
    for i in range(how_many - 1):
        more = Organisation.objects.create(kind="provider", name=f"More {i}", name_key=f"more {i}")
        Membership.objects.create(
            user=world.alice, organisation=more, role=Role.PROVIDER_LEAD, given_at=world.alice.created_at
        )
    client = sign_in(world.alice)
    client.get("/")

    with django_assert_max_num_queries(8) as asked:
        client.get("/")

    assert len(asked) == 5  # session, person, roles, applications, second step


def test_an_account_page_leads_to_everything_that_is_ones_own(world, sign_in, settings):
    settings.OIDC_PROVIDERS = [{"provider_id": "council"}]

    rows = sign_in(world.alice).get("/account/").context["rows"]

    assert [(row["key"], row["value"], bool(row.get("url"))) for row in rows] == [
        ("Name", "Alice", False),
        ("Email address", "alice@alice.example", True),
        ("Password", "Set", True),
        ("Second step", "On", True),
        ("Where you are signed in", "Browsers and devices", True),
        ("Linked accounts", "Council or DfE sign-in", True),
        ("Long tasks", "Work that goes on without you waiting for it", True),
        ("Your record", "What you did, and when", True),
    ]


def test_a_page_for_strangers_asks_the_database_nothing(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/cookies/")


def test_the_demo_says_that_it_is_one(db, client, settings):
    assert "This is a demonstration." not in client.get("/").content.decode()
    settings.DEMO = True

    assert "This is a demonstration." in client.get("/").content.decode()


def test_the_demo_shows_a_visitor_the_way_to_the_letters_and_nothing_else_does(db, settings):
    assert [link.label for link in navigation_of(AnonymousUser()).links] == ["Frameworks"]
    settings.DEMO = True

    assert [link.label for link in navigation_of(AnonymousUser()).links] == ["Frameworks", "Letters"]


def test_whoever_opened_an_invitation_is_led_back_to_it(world, sign_in):
    client = sign_in(world.nora)
    before = client.get("/").content.decode()
    client.get(link(send(world)))

    assert ("See your invitation" in before, "See your invitation" in client.get("/").content.decode()) == (False, True)


def test_the_theme_carries_the_councils_colour_and_font(client, settings):
    settings.COUNCIL_COLOUR, settings.COUNCIL_FONT = "#7A1F4B", "Georgia"

    answer = client.get("/theme.css")

    assert answer.content.decode() == (
        ":root {\n  --council: #7a1f4b;\n  --council-dark: #551534;\n  --council-darkest: #300c1e;\n"
        '  --font: "Georgia";\n}\n'
    )
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("bad", ['x"} body{display:none', "", "a" * 100, "</style>"])
def test_a_font_or_colour_that_is_none_changes_nothing(settings, bad):
    settings.COUNCIL_COLOUR = settings.COUNCIL_FONT = bad

    assert look.theme() == ":root {\n}\n"


def test_the_themes_address_changes_with_it(settings):
    settings.COUNCIL_COLOUR = "#7a1f4b"
    before = look.version()
    settings.COUNCIL_COLOUR = "#7a1f4c"

    assert look.version() != before


def test_the_accessibility_statement_has_its_four_required_parts(client, db):
    page = client.get("/accessibility/").content.decode()

    parts = [
        "How accessible this service is",
        "What is not accessible",
        "Feedback and contact",
        "Enforcement procedure",
    ]
    assert [part for part in parts if f">{part}</h2>" in page] == parts


def test_pages_hold_nothing_that_the_policy_would_refuse(client, db):
    answer = client.get("/")

    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_monitor_may_ask_for_the_head_of_the_first_page_alone(client, db):
    answer = client.head(reverse("home"))

    assert (answer.status_code, answer.content) == (200, b"")
