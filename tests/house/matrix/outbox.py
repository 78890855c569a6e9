"""URLs of outbox: operators only. (In the demo world everybody may look; tests/outbox/test_pages.py holds that.)"""

from django.db import transaction
from django.utils import timezone

from outbox.models import Message
from outbox.steps import post
from tests.house.matrix import Row


def some_message(world):
    """The key of a letter to Nora."""
    with transaction.atomic():
        post(key="matrix", to=world.nora.email, subject="A letter", body="Hello", at=timezone.now())
    return [Message.objects.get(key="matrix").pk]


OPERATORS = {"olu": 200}
ROWS = {
    "outbox": Row(others=403, roles=OPERATORS),
    "outbox_message": Row(others=404, roles=OPERATORS, args=some_message),
    "retry_message": Row(others=404, roles={"olu": 302}, args=some_message, method="post"),
    "give_up_message": Row(others=404, roles={"olu": 302}, args=some_message, method="post"),
}
