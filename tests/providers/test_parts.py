"""Parts of an application: typed, saved whatever is wrong, saved by themselves, never written over."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import HeldAnswers, Membership
from accounts.states import Role
from lots.models import Framework
from providers.models import Item, ItemVersion, LateAttempt
from providers.queries.bids import own_bid
from tests.accounts.test_sign_in_sessions import sign_in_again, sign_in_by_password
from tests.files import made
from tests.providers.bids import applied, complete, held, newer, seen, submitted, typed

SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def application(world):
    return applied(world)


def address(application, code="organisation"):
    return reverse("edit_part", args=[application.pk, code])


def standing(application, user, code="organisation"):
    """What is saved in a part now."""
    return own_bid(seen(application), user=user).draft[code]


def second_lead(world):
    """Bob leads Ash House too."""
    Membership.objects.create(
        user=world.bob,
        organisation=world.ash_house,
        role=Role.PROVIDER_LEAD,
        person_name="Bob",
        given_at=timezone.now(),
    )
    return world.bob


def close(application):
    """The deadline was a second ago."""
    at = timezone.now() - dt.timedelta(seconds=1)
    Framework.objects.filter(pk=application.framework_id).update(closes_at=at)


def lots_of(application):
    return {lot.number: lot for lot in application.framework.lots.all()}


def test_what_is_typed_is_saved_and_stands_there_again(application, world, sign_in):
    client = sign_in(world.alice)

    client.post(address(application), {"contact_name": "Alice <b>", "since": "2019", "revision": "0"})
    page = client.get(address(application)).content.decode()

    assert standing(application, world.alice).answers == {"contact_name": "Alice <b>", "since": "2019"}
    assert 'value="Alice &lt;b&gt;"' in page
    assert 'name="revision" value="1"' in page


def test_what_is_wrong_is_saved_and_then_told(application, world, sign_in):
    client = sign_in(world.alice)

    answer = client.post(address(application), {"contact_email": "nobody", "revision": "0"}, follow=True)
    page = answer.content.decode()

    assert standing(application, world.alice).answers == {"contact_email": "nobody"}
    assert "Your answers are saved. This is still missing" in page
    assert "Enter the email address to write to, like name@example.com" in page
    assert 'href="#id_contact_email"' in page


def test_whoever_has_finished_a_part_goes_on_to_the_list(application, world, sign_in):
    lot = lots_of(application)["1"]

    answer = sign_in(world.alice).post(
        address(application, "lots"), {f"lot_{lot.pk}": [lot.sub_lots.first().pk], "revision": "0"}
    )

    assert answer.url == reverse("application", args=[application.pk])


def test_a_button_of_its_own_leads_elsewhere_once_all_is_saved(application, world, sign_in):
    client, upload = sign_in(world.alice), reverse("upload_supplier_information", args=[application.pk])
    answer = client.post(address(application), {"since": "2019", "revision": "0", "upload": ""})
    paper = {
        "new-title": "Supplier information",
        "new-kind": "cdp",
        "new-shows_dbs": "no",
        "new-file": made.upload(made.pdf()),
    }
    back = client.post(upload, paper)

    assert answer.url == upload
    assert back.url == address(application) + "#div_id_evidence_cdp"
    version = ItemVersion.objects.get()
    assert standing(application, world.alice).answers == {"since": "2019", "evidence_cdp": str(version.pk)}


def test_nothing_is_uploaded_after_the_deadline(application, world, sign_in):
    close(application)
    client = sign_in(world.alice)

    answer = client.get(reverse("upload_supplier_information", args=[application.pk]))

    assert answer.url == address(application) + "#div_id_evidence_cdp"


def test_the_script_saves_and_hears_when_and_what_is_left(application, world, sign_in):
    answer = sign_in(world.alice).post(address(application), {"since": "2019", "revision": "0"}, **SCRIPT)
    page = answer.content.decode()

    at = dt.datetime.fromisoformat(standing(application, world.alice).saved_at)
    assert answer.status_code == 200
    assert 'data-state="saved" data-revision="1"' in page
    assert f"Saved at {timezone.localtime(at):%H:%M:%S} (UK time)." in page
    assert "Choose how many people work for you" in page
    assert "<html" not in page


def test_an_older_page_writes_over_nothing_and_shows_both_texts(application, world, sign_in):
    alice, bob = sign_in(world.alice), sign_in(second_lead(world))
    alice.post(address(application), {"history": "Ours since spring", "since": "2019", "revision": "0"})

    answer = bob.post(address(application), {"history": "Mine since autumn", "since": "2019", "revision": "0"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert standing(application, world.alice).answers["history"] == "Ours since spring"
    assert "Ours since spring" in page
    assert "Mine since autumn" in page
    assert "A colleague saved this part" in page
    assert 'name="keep-history"' in page
    assert 'name="keep-since"' not in page  # both say the same


@pytest.mark.parametrize(("kept", "stands"), [("mine", "Mine"), ("theirs", "Ours")])
def test_whoever_sees_both_texts_chooses(application, world, sign_in, kept, stands):
    alice = sign_in(world.alice)
    typed(application, {"organisation": {"history": "Ours", "since": "2019"}})

    sent = {"both": "1", "revision": "1", "keep-history": kept, "history": "Mine", "size": "small"}
    alice.post(address(application), sent | {"keep-since": "theirs"})

    assert standing(application, world.alice).answers == {"history": stands, "since": "2019", "size": "small"}


def test_the_script_of_an_older_page_is_told_too(application, world, sign_in):
    typed(application, {"organisation": {"history": "Ours"}})

    answer = sign_in(world.alice).post(address(application), {"history": "Mine", "revision": "0"}, **SCRIPT)

    assert answer.status_code == 409
    assert 'data-state="stale"' in answer.content.decode()
    assert standing(application, world.alice).answers == {"history": "Ours"}


def test_the_same_sent_twice_is_saved_once(application, world, sign_in):
    client, sent = sign_in(world.alice), {"history": "Ours", "revision": "0"}

    answers = [client.post(address(application), sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert standing(application, world.alice).revision == 1


def test_what_was_saved_without_an_answer_is_known_again(application, world, sign_in):
    """The connection broke after the first words were saved: what follows is no other person's."""
    client = sign_in(world.alice)
    client.post(address(application), {"history": "Ours", "revision": "0"}, **SCRIPT)

    sent = {"history": "Ours since spring", "revision": "0", "unanswered": "history=Ours&revision=0"}
    answer = client.post(address(application), sent, **SCRIPT)

    assert answer.status_code == 200
    assert standing(application, world.alice).answers == {"history": "Ours since spring"}


@pytest.mark.parametrize("unanswered", ["history=Other&revision=0", "%%%", "\x00=&"])
def test_words_that_are_not_those_that_stand_are_no_way_past_them(application, world, sign_in, unanswered):
    client = sign_in(world.alice)
    client.post(address(application), {"history": "Ours", "revision": "0"}, **SCRIPT)

    sent = {"history": "Mine", "revision": "0", "unanswered": unanswered}

    assert client.post(address(application), sent, **SCRIPT).status_code == 409
    assert standing(application, world.alice).answers == {"history": "Ours"}


def test_a_colleagues_words_are_not_taken_for_ones_own(application, world, sign_in):
    alice, bob = sign_in(world.alice), sign_in(second_lead(world))
    alice.post(address(application), {"history": "Ours", "revision": "0"})

    sent = {"history": "Mine", "revision": "0", "unanswered": "history=Ours"}

    assert bob.post(address(application), sent, **SCRIPT).status_code == 409


def test_after_the_deadline_a_part_can_be_read_and_a_late_change_is_noted(application, world, sign_in):
    client = sign_in(world.alice)
    typed(application, {"organisation": {"history": "Ours"}})
    close(application)

    page = client.get(address(application)).content.decode()
    answer = client.post(address(application), {"history": "Too late", "revision": "1"})
    late = answer.content.decode()

    assert "Nothing can be changed" in page
    assert "Ours" in page
    assert "<textarea" not in page
    assert answer.status_code == 409
    assert "after the deadline, so it was not saved" in late
    assert "Too late" in late  # so that it can be copied
    assert standing(application, world.alice).answers == {"history": "Ours"}
    [attempt] = LateAttempt.objects.all()
    assert (attempt.what, attempt.by) == ("save", world.alice)


def test_the_script_is_told_that_it_is_too_late(application, world, sign_in):
    close(application)

    answer = sign_in(world.alice).post(address(application), {"history": "Too late", "revision": "0"}, **SCRIPT)

    assert answer.status_code == 409
    assert 'data-state="late"' in answer.content.decode()


def test_a_text_without_end_is_not_saved_and_not_lost_either(application, world, sign_in):
    client, much = sign_in(world.alice), "long " * 5000

    answer = client.post(address(application), {"history": much, "revision": "0"})
    script = client.post(address(application), {"history": much, "revision": "0"}, **SCRIPT)

    assert answer.status_code == 200
    assert much.strip() in answer.content.decode()
    assert "Shorten it to 20,000 or fewer" in answer.content.decode()
    assert script.status_code == 422
    assert "organisation" not in own_bid(seen(application), user=world.alice).draft


def test_what_nobody_sees_is_left_out_and_everything_else_stays(application, world, sign_in):
    sign_in(world.alice).post(address(application), {"history": "a\x00b\r\nc \u202eד 🙂 <script>", "revision": "0"})

    assert standing(application, world.alice).answers == {"history": "ab\nc \u202eד 🙂 <script>"}


def test_prices_of_a_lot_that_is_taken_away_come_back_with_it(application, world, sign_in):
    complete(world, application)
    client, before = sign_in(world.alice), standing(application, world.alice, "prices")
    one, two = (lots_of(application)[number] for number in "12")
    only_two = {f"lot_{two.pk}": [part.pk for part in two.sub_lots.all()]}
    key = f"price_{two.price_lines.get().pk}_0"

    client.post(address(application, "lots"), only_two | {"revision": "1"})
    client.post(address(application, "prices"), {key: "46", "vat_all": "exempt", "revision": "1"})

    after = standing(application, world.alice, "prices").answers
    assert after == dict(before.answers) | {key: "46"}
    assert f"price_{one.price_lines.get().pk}_0" in after


def test_what_was_typed_when_the_session_ran_out_is_kept_and_sent_again(world, application):
    client = sign_in_by_password(world.alice)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(dt.timedelta(hours=2))
        late = client.post(address(application), {"history": "At 11:58", "since": "2019", "revision": "0"})
        sign_in_again(client, world.alice, late.url)
        kept = client.get("/account/kept-answers/").context["kept"][0]
        client.post(kept["held"].path, dict(kept["fields"]) | {"held_answers": str(kept["held"].pk)})

    assert standing(application, world.alice).answers == {"history": "At 11:58", "since": "2019"}
    assert HeldAnswers.objects.count() == 0


def test_what_the_script_sent_without_a_session_is_kept_too(world, application):
    client = sign_in_by_password(world.alice)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(dt.timedelta(hours=2))
        answer = client.post(address(application), {"history": "At 11:58", "revision": "0"}, **SCRIPT)

    assert answer.status_code == 302
    assert HeldAnswers.objects.get().path == address(application)


@pytest.mark.parametrize("who", ["bob", "charlie", "max", "ada", "olu", "nora"])
def test_nobody_but_its_leads_sees_a_part(application, world, sign_in, who):
    client = sign_in(getattr(world, who))

    assert client.get(address(application)).status_code == 404
    assert client.post(address(application), {"history": "x", "revision": "0"}).status_code == 404


def test_a_part_that_there_is_not_is_not_found(application, world, sign_in):
    assert sign_in(world.alice).get(address(application, "nothing")).status_code == 404


@pytest.mark.parametrize("code", ["organisation", "lots", "prices"])
def test_a_part_costs_the_same_whatever_is_in_it(world, sign_in, django_assert_max_num_queries, code):
    application = submitted(world).application
    held(world.ash_house, "Another policy")
    newer(Item.objects.first())
    client = sign_in(world.alice)

    with django_assert_max_num_queries(15):
        assert client.get(address(application, code)).status_code == 200
