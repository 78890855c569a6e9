"""Putting messages in the outbox."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import crypto
from outbox import delivery, steps
from outbox.models import Message
from outbox.steps import Letter, post, post_many

AT = timezone.now()


@pytest.mark.django_db
def test_a_key_is_written_once_and_says_so():
    first = post(key="one", to="alice@alice.example", body="Hello", at=AT)
    second = post(key="one", to="bob@bob.example", body="Changed", at=AT)

    assert (first, second) == (True, False)
    assert list(Message.objects.values_list("key", "to", "body")) == [("one", "alice@alice.example", "Hello")]


@pytest.mark.django_db
def test_many_letters_cost_the_same_statements_as_one(django_assert_num_queries):
    post(key="2", to="alice@alice.example", body="there before", at=AT)

    with django_assert_num_queries(2):
        written = post_many((Letter(str(n), "alice@alice.example", "Hello") for n in range(3)), at=AT)

    assert written == {"0", "1"}
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_a_thousand_letters_and_a_key_that_comes_twice():
    letters = [Letter(str(n % 1000), "alice@alice.example", "Hello") for n in range(1001)]

    assert len(post_many(letters, at=AT)) == 1000
    assert post_many([], at=AT) == set()


@pytest.mark.django_db
def test_a_secret_stands_nowhere_in_the_open():
    post(key="one", to="alice@alice.example", body="https://larkshire.example/key/s3cret", at=AT, secret=True)

    message = Message.objects.get()
    assert message.body == ""
    assert b"s3cret" not in bytes(message.sealed_body)
    assert crypto.unseal(message.sealed_body, purpose=steps.PURPOSE).decode().endswith("s3cret")
    assert delivery.readable_body(message).endswith("s3cret")


@pytest.mark.parametrize(
    ("key", "to"),
    [
        ("", "alice@alice.example"),
        ("k" * 201, "alice@alice.example"),
        ("one", ""),
        ("one", "a" * 321),
        ("one", "alice@alice.example\nBcc: eve@eve.example"),
        ("one", "alice@alice.example\rBcc: eve@eve.example"),
    ],
)
@pytest.mark.django_db
def test_a_key_or_an_address_that_no_message_can_have_is_refused(key, to):
    with pytest.raises(ValueError, match="message"):
        post(key=key, to=to, body="Hello", at=AT)

    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_an_organisation_may_be_given_as_a_row_or_as_its_key(world):
    post(key="row", to="a@a.example", body="Hello", at=AT, organisation=world.ash_house)
    post(key="key", to="a@a.example", body="Hello", at=AT, organisation=world.ash_house.pk)

    assert set(Message.objects.values_list("organisation_id", flat=True)) == {world.ash_house.pk}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends_well", [True, False])
def test_two_transactions_write_one_key_and_exactly_one_is_told_that_it_did(ends_well):
    """The second waits for the first; asking first whether the key is there would have told both "yes, written"."""
    answers, written = {}, threading.Event()

    def second():
        written.wait(5)
        with transaction.atomic():
            answers["seen before"] = Message.objects.filter(key="one").exists()
            answers["second"] = post(key="one", to="bob@bob.example", body="Hello", at=AT)
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    try:
        with transaction.atomic():
            answers["first"] = post(key="one", to="alice@alice.example", body="Hello", at=AT)
            written.set()
            thread.join(0.5)
            if not ends_well:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    thread.join(5)

    assert answers == {"first": True, "seen before": False, "second": not ends_well}
    assert Message.objects.count() == 1
