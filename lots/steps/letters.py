"""Letters about places to whoever leads a provider. They say what happened and where to read more, never why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.steps import step
from lots.queries.places import leads_of
from outbox import steps as outbox


@dataclass(frozen=True)
class Kind:
    """One kind of letter: what its key begins with, its subject, its first sentence."""

    code: str
    subject: str
    says: str


AWARDED = Kind(
    "place-awarded",
    "You are offered places on a framework",
    "{buyer} offers {name} places on its framework for alternative provision. Accept them or say no.",
)
SUSPENDED = Kind(
    "place-suspended",
    "A place on a framework is suspended",
    "{buyer} has suspended a place of {name}, or all of them. No new pupils can be placed there meanwhile.",
)
LIFTED = Kind(
    "place-lifted",
    "A suspension is lifted",
    "{buyer} has lifted a suspension of {name}. Another suspension may still be in force.",
)
ENDED = Kind(
    "place-ended", "A place on a framework has ended", "A place of {name} on a framework of {buyer} has ended."
)
MOVED_FROM = Kind(
    "place-moved-from",
    "Your places on a framework have moved",
    "The places of {name} on a framework of {buyer} have moved to another provider.",
)
MOVED_TO = Kind(
    "place-moved-to",
    "Places on a framework have moved to you",
    "Places on a framework of {buyer} have moved to {name}.",
)
PRICED = Kind("place-priced", "A price on a framework changes", "{buyer} has set a price of {name} from a day on.")
BEGAN = Kind("framework-began", "A framework has begun", "A framework of {buyer} on which {name} has places has begun.")


@step
def tell(kind: Kind, *, providers: Iterable[int], about: Mapping[int, object], at: dt.datetime) -> None:
    """One letter of this kind for each lead of these providers. `about` is, for each provider, a place: its key makes
    the letter's, so that what is told twice is sent once."""
    written = []
    for provider, people in leads_of(providers).items():
        place = about[provider]
        words = {"buyer": place.framework.buyer.name, "name": place.provider.name}
        for pk, address in people:
            written.append(
                outbox.Letter(
                    key=f"{kind.code}:{place.pk}:{at.timestamp():.6f}:{pk}",
                    to=address,
                    subject=kind.subject,
                    body=(
                        f"{kind.says.format(**words)}\n\n"
                        "Sign in to read more:\n"
                        f"{settings.BASE_URL}{reverse('provider_places', args=[provider])}\n"
                    ),
                    organisation=provider,
                )
            )
    outbox.post_many(written, at=at)
