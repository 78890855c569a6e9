"""Applying, the list of applications, and one application as a list of tasks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.states import Role
from lots.actions import publication
from lots.models import Framework
from providers.models import Application, Item
from providers.states import ApplicationState
from tests.providers.bids import applied, complete, newer, open_framework, seen, submit, submitted, typed

DAY = dt.timedelta(days=1)


def page_of(client, name, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def tasks_of(client, application) -> dict[str, str]:
    """Each task with its status."""
    groups = client.get(reverse("application", args=[application.pk])).context["groups"]
    return {task.title: task.status for group in groups for task in group.tasks}


def close(framework):
    Framework.objects.filter(pk=framework.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))


class TestApplying:
    """What it takes, and the button that begins."""

    def test_anybody_reads_what_it_takes(self, world, client):
        page = page_of(client, "apply", open_framework(world).pk)

        assert "What you need" in page
        assert "Sign in to apply" in page
        assert "6 days 23 hours from now" in page or "7 days from now" in page or "6 days from now" in page

    def test_alice_begins_and_comes_to_her_tasks(self, world, sign_in):
        framework, client = open_framework(world), sign_in(world.alice)

        answer = client.post(reverse("apply", args=[framework.pk]), {"provider": world.ash_house.pk})

        application = Application.objects.get()
        assert answer.url == reverse("application", args=[application.pk])
        assert (application.provider, application.state) == (world.ash_house, ApplicationState.DRAFT)
        assert "Go on with the application of" in page_of(client, "apply", framework.pk)

    def test_whoever_leads_two_providers_chooses(self, world, sign_in):
        at = timezone.now()
        Membership.objects.create(
            user=world.alice, organisation=world.birch_farm, role=Role.PROVIDER_LEAD, person_name="Alice", given_at=at
        )
        framework, client = open_framework(world), sign_in(world.alice)

        none = client.post(reverse("apply", args=[framework.pk]))
        client.post(reverse("apply", args=[framework.pk]), {"provider": world.birch_farm.pk})

        assert "Choose the organisation that is applying" in none.content.decode()
        assert Application.objects.get().provider == world.birch_farm

    def test_nobody_applies_for_a_provider_of_others(self, world, sign_in):
        framework = open_framework(world)

        for who in (world.alice, world.bob, world.max, world.nora):
            sign_in(who).post(reverse("apply", args=[framework.pk]), {"provider": world.birch_farm.pk})

        assert Application.objects.count() == 0

    def test_who_has_not_signed_in_is_led_to_it(self, world, client):
        address = reverse("apply", args=[open_framework(world).pk])

        assert client.post(address).url == f"/account/login/?next={address}"

    def test_alice_follows_first_and_is_told_of_what_happens(self, world, sign_in):
        framework = open_framework(world)
        client, address = sign_in(world.alice), reverse("apply", args=[framework.pk])
        sent = {"provider": world.ash_house.pk, "follow": "yes"}

        page = client.post(address, sent, follow=True).content.decode()
        client.post(address, sent)

        assert "We email you whenever something changes here" in page
        assert "Ash House</bdi> follows this framework" in page
        assert 'name="follow"' not in page
        assert Application.objects.get().state == "following"
        client.post(address, {"provider": world.ash_house.pk})
        assert Application.objects.get().state == "draft"

    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("bob", "Whoever leads your organisation here begins an application"),
            ("max", "Only a provider can apply"),
            ("nora", "Only a provider can apply"),
        ],
    )
    def test_who_cannot_apply_is_told_why(self, world, sign_in, who, words):
        page = page_of(sign_in(getattr(world, who)), "apply", open_framework(world).pk)

        assert words in page
        assert "Begin your application" not in page

    def test_after_the_deadline_nobody_begins(self, world, sign_in):
        framework, client = open_framework(world), sign_in(world.alice)
        close(framework)

        answer = client.post(reverse("apply", args=[framework.pk]), {"provider": world.ash_house.pk})

        assert "Applications closed on" in page_of(client, "apply", framework.pk)
        assert answer.status_code == 200
        assert "The deadline has passed" in answer.content.decode()
        assert Application.objects.count() == 0

    def test_a_withdrawn_framework_says_so_and_why(self, world, sign_in):
        application = applied(world)
        framework, client = application.framework, sign_in(world.alice)
        publication.withdraw_framework(
            framework=framework, reason="The budget was cut", by=world.max, at=timezone.now()
        )

        pages = [
            page_of(client, "apply", framework.pk),
            page_of(client, "application", application.pk),
            page_of(client, "edit_part", application.pk, "lots"),
        ]

        assert all("withdrew this framework" in page and "The budget was cut" in page for page in pages)
        assert "Framework withdrawn" in page_of(client, "applications", world.ash_house.pk)
        assert client.post(reverse("edit_part", args=[application.pk, "lots"]), {"revision": "0"}).status_code == 200


class TestTasks:
    """One application."""

    def test_nothing_typed_is_nothing_started(self, world, sign_in):
        application = applied(world)

        found = tasks_of(sign_in(world.alice), application)

        assert found == {
            "Your organisation": "Not started",
            "Exclusion grounds": "Not started",
            "Connected persons": "Not started",
            "Conflicts of interest": "Not started",
            "Lots": "Not started",
            "Prices": "",  # waits for the lots
            "Quality standards": "Not started",
            "Declarations": "Not started",
            "Check your answers and submit": "Not submitted",
        }

    def test_everything_typed_is_everything_done(self, world, sign_in):
        application = complete(world, applied(world))

        found = tasks_of(sign_in(world.alice), application)
        page = page_of(sign_in(world.alice), "application", application.pk)

        assert found.pop("Check your answers and submit") == "Ready to submit"
        assert set(found.values()) == {"Completed"}
        assert page.count("Complete</strong>") == 2  # both lots

    def test_what_is_missing_in_one_lot_is_that_lots_alone(self, world, sign_in):
        application = complete(world, applied(world))
        line = application.framework.lots.get(number="2").price_lines.get()
        prices = dict(seen_draft(application, world)["prices"].answers)
        prices.pop(f"price_{line.pk}_0")
        typed(application, {"prices": prices})

        lots = sign_in(world.alice).get(reverse("application", args=[application.pk])).context["lots"]

        assert [(one.name, one.status.complete) for one in lots] == [("Lot 1", True), ("Lot 2", False)]
        assert [left.text for left in lots[1].own] == ["Enter your price for lot 2, “Half-day session”"]

    def test_what_was_submitted_stands_and_later_changes_are_told(self, world, sign_in):
        submission, client = submitted(world), sign_in(world.alice)
        application = submission.application

        before = page_of(client, "application", application.pk)
        typed(application, {"organisation": {"since": "2020"}})
        after = page_of(client, "application", application.pk)

        local = timezone.localtime(submission.submitted_at)
        assert f"You submitted this application at {local:%H:%M:%S}" in before
        assert submission.reference in before
        assert "Nothing has changed since" in before
        assert "Those changes are not submitted" in after
        assert tasks_of(client, application)["Check your answers and submit"] == "Changes not submitted"

    def test_after_the_deadline_it_is_read_only_and_says_what_counts(self, world, sign_in):
        submission, client = submitted(world), sign_in(world.alice)
        application = submission.application
        typed(application, {"organisation": {"since": "2020"}})
        close(application.framework)

        page = page_of(client, "application", application.pk)

        assert "What you submitted stands" in page
        assert "Later changes were not submitted and do not count" in page
        assert "Withdraw it" not in page
        assert "data-countdown" not in page

    def test_who_never_submitted_is_told_so(self, world, sign_in):
        application = applied(world)
        close(application.framework)

        assert "You did not submit this application" in page_of(sign_in(world.alice), "application", application.pk)

    def test_it_says_who_else_can_change_it(self, world, sign_in):
        application = applied(world)
        alone = page_of(sign_in(world.alice), "application", application.pk)
        Membership.objects.create(
            user=world.bob,
            organisation=world.ash_house,
            role=Role.PROVIDER_LEAD,
            person_name="Bob",
            given_at=timezone.now(),
        )

        assert "Only you." in alone
        assert "You and Bob, who lead" in page_of(sign_in(world.alice), "application", application.pk)

    def test_who_follows_only_is_led_to_applying(self, world, sign_in):
        application = applied(world)
        Application.objects.filter(pk=application.pk).update(state=ApplicationState.FOLLOWING)
        client = sign_in(world.alice)

        for name, args in (("application", []), ("edit_part", ["lots"])):
            assert client.get(reverse(name, args=[application.pk, *args])).url == reverse(
                "apply", args=[application.framework_id]
            )

    def test_it_costs_no_more_when_everything_is_there(self, world, sign_in, django_assert_max_num_queries):
        """Not even when a document was replaced by a newer version since it was chosen."""
        application = submitted(world).application
        newer(Item.objects.first())
        client = sign_in(world.alice)

        with django_assert_max_num_queries(15):
            client.get(reverse("application", args=[application.pk]))


def seen_draft(application, world):
    from providers.queries.bids import own_bid

    return own_bid(seen(application), user=world.alice).draft


class TestList:
    """A provider's applications."""

    def test_each_says_how_it_stands(self, world, sign_in):
        applied(world, open_framework(world, title="Begun"))
        submitted(world, open_framework(world, title="Sent"))
        typed(submitted(world, open_framework(world, title="Changed")).application, {"organisation": {"since": "2020"}})
        missed = applied(world, open_framework(world, title="Missed"))
        close(missed.framework)

        rows = sign_in(world.alice).get(reverse("applications", args=[world.ash_house.pk])).context["page"].rows

        assert {row.framework.title: row.shown[0] for row in rows} == {
            "Begun": "Not submitted yet",
            "Sent": "Submitted",
            "Changed": "Changes not submitted",
            "Missed": "Not submitted",
        }

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_with_one_and_with_three(self, world, sign_in, django_assert_num_queries, count):
        for _ in range(count):
            applied(world, open_framework(world))
        client = sign_in(world.alice)

        with django_assert_num_queries(5):
            client.get(reverse("applications", args=[world.ash_house.pk]))

    def test_a_stranger_never_sees_it(self, world, sign_in):
        applied(world)

        assert sign_in(world.charlie).get(reverse("applications", args=[world.ash_house.pk])).status_code == 404
        assert "You have not applied" in page_of(sign_in(world.charlie), "applications", world.birch_farm.pk)

    def test_submitting_again_is_possible_after_withdrawing(self, world, sign_in):
        from providers.actions import applications as actions

        submission = submitted(world)
        actions.withdraw(application=submission.application, by=world.alice)

        page = page_of(sign_in(world.alice), "application", submission.application_id)
        submit(submission.application)

        assert "You withdrew what you had submitted" in page


class TestStart:
    """Where it begins: the first page, and the page of the framework."""

    def test_the_first_page_shows_what_closes_next(self, world, sign_in):
        applied(world, open_framework(world, title="Later", closes_at=timezone.now() + 5 * DAY))
        submitted(world, open_framework(world, title="Sooner", closes_at=timezone.now() + 2 * DAY))
        close(applied(world, open_framework(world, title="Over")).framework)

        shown = sign_in(world.alice).get("/").context["applications"]

        assert [(one.framework.title, state[0]) for one, state, _ in shown] == [
            ("Sooner", "Submitted"),
            ("Later", "Not submitted yet"),
        ]

    @pytest.mark.parametrize("who", ["bob", "charlie", "max", "olu", "nora"])
    def test_nobody_else_sees_them_there(self, world, sign_in, who):
        applied(world)

        assert sign_in(getattr(world, who)).get("/").context["applications"] == []

    def test_the_page_of_an_open_framework_leads_to_applying(self, world, client):
        framework = open_framework(world)
        button = f'href="{reverse("apply", args=[framework.pk])}"'

        before = page_of(client, "framework", framework.pk)
        close(framework)

        assert button in before
        assert reverse("self_check", args=[framework.pk]) in before
        assert button not in page_of(client, "framework", framework.pk)


class TestClock:
    """The server's clock, for the countdown."""

    def test_anybody_reads_it_and_no_session_is_kept_awake_by_it(self, world, client):
        framework = open_framework(world)

        read = client.get(reverse("application_clock", args=[framework.pk]))

        assert set(read.json()) == {"now", "closes_at", "closes_in_words"}
        assert dt.datetime.fromisoformat(read.json()["closes_at"]) == framework.closes_at
        assert abs(dt.datetime.fromisoformat(read.json()["now"]) - timezone.now()) < DAY
        assert read["Cache-Control"] == "no-store"
        assert read.cookies == {}

    def test_a_framework_without_a_deadline_has_none(self, world, client):
        framework = open_framework(world)
        Framework.objects.filter(pk=framework.pk).update(closes_at=None)

        read = client.get(reverse("application_clock", args=[framework.pk])).json()

        assert (read["closes_at"], read["closes_in_words"]) == (None, "")
