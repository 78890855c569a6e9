"""The outbox page: in the demo the letters, outside it never a word of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from outbox import delivery
from outbox.models import Message
from outbox.states import Mode, Queue, State

pytestmark = pytest.mark.django_db
SECRET = "https://larkshire.example/account/confirm/s3cret/"


def text(response) -> str:
    return response.content.decode()


def die(message):
    Message.objects.filter(pk=message.pk).update(state=State.DEAD, try_at=None, over_at=timezone.now())


@pytest.mark.parametrize("secret", [True, False])
def test_an_operator_sees_what_became_of_a_letter_and_not_what_it_says(world, sign_in, write, secret):
    message = write(body=SECRET, secret=secret)
    client = sign_in(world.olu)

    pages = text(client.get(reverse("outbox"))) + text(client.get(reverse("outbox_message", args=[message.pk])))

    assert "s3cret" not in pages
    assert "alice@alice.example" in pages


@pytest.mark.parametrize("secret", [True, False])
def test_in_the_demo_whoever_has_just_registered_reads_the_letter_and_follows_its_link(write, settings, secret):
    settings.DEMO = True
    message = write(body=f"Confirm your address: {SECRET}", secret=secret)
    delivery.Message.objects.filter(pk=message.pk).update(state=State.SENT, try_at=None, over_at=timezone.now())

    listed, opened = Client().get(reverse("outbox")), Client().get(reverse("outbox_message", args=[message.pk]))

    assert (listed.status_code, opened.status_code) == (200, 200)
    assert f'href="{SECRET}"' in text(opened)
    assert "no-store" in opened.headers["Cache-Control"]


def test_in_the_demo_markup_in_a_letter_is_text(write, settings):
    settings.DEMO = True
    message = write(body="<script>alert(1)</script> https://larkshire.example/<b>")

    page = text(Client().get(reverse("outbox_message", args=[message.pk])))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_in_the_demo_nobody_but_an_operator_tries_again(world, sign_in, write, settings):
    settings.DEMO = True
    message = write()
    die(message)

    assert sign_in(world.alice).post(reverse("retry_message", args=[message.pk])).status_code == 403
    assert Client().post(reverse("retry_message", args=[message.pk])).status_code == 302
    assert Message.objects.get().state == State.DEAD


def test_an_operator_tries_a_dead_letter_again_from_its_page(world, sign_in, write):
    message = write()
    die(message)
    client = sign_in(world.olu)
    assert "Try to send it again" in text(client.get(reverse("outbox_message", args=[message.pk])))

    page = client.post(reverse("retry_message", args=[message.pk]), follow=True)

    assert "will be tried again" in text(page)
    assert Message.objects.get().state == State.DUE
    again = client.post(reverse("retry_message", args=[message.pk]), follow=True)
    assert "cannot be tried again" in text(again)


def test_an_operator_stops_an_alarm_from_its_page(world, sign_in, write):
    alarm = write(queue=Queue.ALARMS, mode=Mode.SEND_FIRST)
    client = sign_in(world.olu)
    assert "Stop trying this alarm" in text(client.get(reverse("outbox_message", args=[alarm.pk])))

    page = client.post(reverse("give_up_message", args=[alarm.pk]), follow=True)

    assert "no longer tried" in text(page)
    assert Message.objects.get().state == State.DEAD
    assert "Only an alarm" in text(client.post(reverse("give_up_message", args=[alarm.pk]), follow=True))


@pytest.mark.parametrize("address", ["retry_message", "give_up_message"])
def test_a_get_changes_nothing(world, sign_in, write, address):
    message = write()

    assert sign_in(world.olu).get(reverse(address, args=[message.pk])).status_code == 405


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["dead", "alarm", "one"]),
        ("?state=dead", ["dead"]),
        ("?queue=alarms", ["alarm"]),
        ("?state=dead&queue=alarms", []),
        ("?state=nonsense", ["dead", "alarm", "one"]),
        ("?after=%00%FF", ["dead", "alarm", "one"]),
    ],
)
def test_the_list_is_narrowed_by_state_and_kind(world, sign_in, write, query, keys):
    write("one")
    write("alarm", queue=Queue.ALARMS)
    die(write("dead"))

    page = sign_in(world.olu).get(reverse("outbox") + query)

    assert [message.key for message in page.context["page"]] == keys
    assert page.context["counts"] == {"due": 2, "claimed": 0, "dead": 1}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(world, sign_in, write, rows, django_assert_num_queries):
    for number in range(rows):
        write(str(number))
    client = sign_in(world.olu)
    client.get(reverse("outbox"))

    with django_assert_num_queries(QUERIES):
        client.get(reverse("outbox"))


QUERIES = 5


def test_a_message_whose_text_is_destroyed_says_so(world, write, settings, sign_in):
    settings.DEMO = True
    message = write()
    Message.objects.update(to="", subject="", body="", blanked_at=timezone.now())

    page = text(Client().get(reverse("outbox_message", args=[message.pk])))

    assert "The text of this message has been destroyed." in page
    assert f"Message {message.pk}" in text(Client().get(reverse("outbox")))


def test_a_discreet_letter_shows_an_operator_neither_to_whom_it_goes_nor_what_it_is_for(world, sign_in, write):
    message = write("application:12:submitted", secret=True, discreet=True, organisation=world.ash_house)
    die(message)
    client = sign_in(world.olu)

    pages = text(client.get(reverse("outbox"))) + text(client.get(reverse("outbox_message", args=[message.pk])))
    client.post(reverse("retry_message", args=[message.pk]))

    assert "alice@alice.example" not in pages
    assert "application:12" not in pages
    assert pages.count("Not shown") == 2
    event = Event.objects.get(action="outbox.message.retried")
    assert (event.data, event.organisation_id) == ({"key": f"message {message.pk}"}, None)


def test_in_the_demo_a_discreet_letter_is_read_like_any_other(write, settings):
    settings.DEMO = True
    message = write("application:12:submitted", secret=True, discreet=True, body="Your receipt")

    page = text(Client().get(reverse("outbox_message", args=[message.pk])))

    assert "alice@alice.example" in page
    assert "application:12:submitted" in page
    assert "Your receipt" in page
