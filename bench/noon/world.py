"""The rows of a run, made in a process that ends: `python -m bench.noon.world fill 400`. Prints one line of JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys

PASSWORD = "a quiet bend in the river"


def fill(number: int) -> dict:
    """An open framework, and so many providers, each with a lead who is signed in and a complete draft."""
    from django.urls import reverse
    from django.utils import timezone

    from providers.models import Application
    from providers.queries.bids import own_bid
    from providers.rules import draft
    from tests.cast import make_world
    from tests.providers import bids

    world = make_world()
    at = timezone.now()
    framework = bids.open_framework(world, closes_at=at + dt.timedelta(days=1))
    pattern = bids.complete(world, bids.applied(world, framework=framework))
    typed = dict(own_bid(pattern, user=world.alice).draft)
    leads = _leads(number)
    versions = _libraries(world.ash_house, [provider for provider, _ in leads])
    rows = Application.objects.bulk_create(
        Application(
            framework=framework,
            provider=provider,
            alias=f"N{place:06}",
            state="draft",
            revision=pattern.revision,
            began_at=at,
            started_at=at,
            saved_at=at,
        )
        for place, (provider, _) in enumerate(leads)
    )
    _seal(framework, rows, draft, typed, versions)
    return {
        "framework": framework.pk,
        "check": reverse("check_application", args=[0]),
        "bidders": [
            {"application": row.pk, "session": _session(user)} for row, (_, user) in zip(rows, leads, strict=True)
        ],
    }


def _leads(number: int) -> list[tuple]:
    from django.utils import timezone

    from accounts.models import Membership, Organisation, User
    from accounts.states import OrganisationKind, Role

    at = timezone.now()
    names = [f"Provider {place}" for place in range(number)]
    providers = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.casefold(), compared_at=at)
        for name in names
    )
    users = User.objects.bulk_create(
        User(email=f"lead-{place}@noon.example", name=f"Lead {place}", password="!") for place in range(number)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=provider, role=Role.PROVIDER_LEAD, person_name=user.name, given_at=at)
        for provider, user in zip(providers, users, strict=True)
    )
    return list(zip(providers, users, strict=True))


def _libraries(source, providers) -> dict[int, dict[int, int]]:
    """Every provider holds what `source` holds: provider → key of a version there → key of its own."""
    from files.models import File
    from providers.models import Item, ItemVersion

    found: dict[int, dict[int, int]] = {provider.pk: {} for provider in providers}
    for version in ItemVersion.objects.filter(item__provider=source).select_related("item", "file"):
        item, file = version.item, version.file
        files = File.objects.bulk_create(
            File(
                **{field: getattr(file, field) for field in ("name", "kind", "size", "sha256", "state")},
                organisation=provider,
                stored_as=f"{file.stored_as}-{provider.pk}",
                received_at=file.received_at,
                scanned_at=file.scanned_at,
                scan_at=file.scan_at,
            )
            for provider in providers
        )
        items = Item.objects.bulk_create(
            Item(provider=provider, title=item.title, kind=item.kind, added_at=item.added_at) for provider in providers
        )
        copies = ItemVersion.objects.bulk_create(
            ItemVersion(
                item=one,
                number=1,
                file=own,
                issued_on=version.issued_on,
                expires_on=version.expires_on,
                added_at=version.added_at,
            )
            for one, own in zip(items, files, strict=True)
        )
        for one, copy in zip(items, copies, strict=True):
            one.current = copy
            found[one.provider_id][version.pk] = copy.pk
        Item.objects.bulk_update(items, ["current"])
    return found


def _seal(framework, rows, draft, typed, versions) -> None:
    from lots.queries.sealing import seal_for
    from providers.models import Application

    for row in rows:
        own = {str(old): str(new) for old, new in versions[row.provider_id].items()}
        copy = {
            code: draft.Part(_with(part.answers, own), part.revision, part.saved_at, part.saved_by)
            if code == "organisation" or code.startswith("standard:")
            else part
            for code, part in typed.items()
        }
        row.draft_sealed = seal_for(framework.pk, draft.to_bytes(copy), purpose=f"providers.draft:{row.pk}")
    Application.objects.bulk_update(rows, ["draft_sealed"], batch_size=100)


def _with(answers, own: dict[str, str]) -> dict:
    return {
        name: [own.get(one, one) for one in value] if isinstance(value, list) else own.get(value, value)
        for name, value in answers.items()
    }


def _session(user) -> str:
    """A session as signing in makes it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def close(framework: str, moment: str) -> dict:
    """Set the deadline, past every rule: this is a bench."""
    from lots.models import Framework

    at = dt.datetime.fromtimestamp(float(moment), dt.UTC)
    Framework.objects.filter(pk=int(framework)).update(closes_at=at)
    return {}


def stored(framework: str) -> dict:
    """What stands in the database, and whether what was sealed opens and is what its hash says."""
    import hashlib

    from lots.queries.sealing import SealBroken, unseal_for
    from providers.models import Submission
    from providers.rules.frozen import unpadded

    found, broken = [], 0
    for row in Submission.objects.filter(application__framework=int(framework)):
        try:
            plain = unseal_for(int(framework), row.sealed, purpose=f"providers.submission:{row.application_id}")
            broken += hashlib.sha256(unpadded(plain)).hexdigest() != row.sha256
        except SealBroken:
            broken += 1
        found.append(
            {
                "application": row.application_id,
                "reference": row.reference,
                "sha256": row.sha256,
                "submitted_at": row.submitted_at.timestamp(),
            }
        )
    return {"submissions": found, "broken": broken}


def people(number: str) -> dict:
    """So many leads who can sign in with one password, hashed as production hashes it."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.urls import reverse

    from accounts.models import User

    users = [user for _, user in _leads(int(number))]
    hashed = make_password(PASSWORD)
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=hashed)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return {"people": [user.email for user in users], "password": PASSWORD, "address": reverse("account_login")}


def main() -> None:
    """Do what was asked, and print what came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")
    import django

    django.setup()
    from django.core.management import call_command

    what, *arguments = sys.argv[1:]
    if what in {"fill", "people"}:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
    answer = {"fill": lambda: fill(int(arguments[0])), "people": lambda: people(*arguments)}
    answer |= {"close": lambda: close(*arguments), "stored": lambda: stored(*arguments)}
    print(json.dumps(answer[what]()))


if __name__ == "__main__":
    main()
