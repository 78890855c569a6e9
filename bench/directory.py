"""The directory: a region's places with prices, sites, insurance and free halves, and how many searches a second."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable

from django.db import connection, connections
from django.db.models import Max
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.states import OrganisationKind
from bench.page import AT, Page, in_chunks, nothing_more, of
from lots.models import Framework, Lot, PermittedUser, Place, PlacePrice, Policies, PriceLine, SubLot
from lots.states import CallOff, FrameworkState, Mode, PlaceState, Unit
from providers.models import Insurance, Profile, Seats, Site
from providers.states import InsuranceKind, Need, Registration, SiteKind

MOST = 10_000  # places: more than any region's framework has had
TITLE = "The framework of the directory"
PARTS = [(lot, letter) for lot in "12345" for letter in "ABC"] + [("6", "B"), ("6", "C")]
PHASES = {"A": "primary", "B": "secondary", "C": "post_16"}


def _parts(world) -> list[tuple[int, int, int, int]]:
    """(framework, lot, part, line) of the seventeen parts; made when they are asked for first."""
    framework = Framework.objects.filter(title=TITLE).first()
    if framework is None:
        framework = Framework.objects.create(
            buyer=world.larkshire,
            title=TITLE,
            state=FrameworkState.RUNNING,
            created_at=AT,
            published_at=AT,
            awarded_at=AT,
        )
        Policies.objects.create(framework=framework, call_off=CallOff.NAMED)
        PermittedUser.objects.create(framework=framework, description="Schools", schools_of_area=True)
        Organisation.objects.filter(pk=world.elm_grove.pk).update(easting=450_000, northing=350_000)
        for number in "123456":
            lot = Lot.objects.create(framework=framework, number=number, title=f"Lot {number}", position=int(number))
            unit = Unit.HOUR if number in "123" else Unit.DAY
            PriceLine.objects.create(lot=lot, title=f"A {unit}", unit=unit, mode=Mode.ON_SITE, group="any")
            for _, letter in (one for one in PARTS if one[0] == number):
                SubLot.objects.create(lot=lot, letter=letter, phase=PHASES[letter])
    rows = SubLot.objects.filter(lot__framework=framework).order_by("lot__number", "letter")
    return list(rows.values_list("lot__framework", "lot", "pk", "lot__price_lines"))


def fill_directory(world, first: int, last: int) -> None:
    """Providers on all seventeen parts each, all over a county; one in twenty not insured."""
    last = min(last, MOST)
    if first >= last:
        return
    parts, now = _parts(world), timezone.now()
    firms = range(first // len(PARTS), -(-last // len(PARTS)))

    def firm(number):
        name = f"Provider {number:06}"
        return Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.lower(), compared_at=AT)

    def one(make):
        return lambda number: make(number, providers[number - firms.start])

    top = Organisation.objects.aggregate(top=Max("pk"))["top"]
    in_chunks(Organisation, firms.start, firms.stop, firm)
    providers = list(Organisation.objects.filter(pk__gt=top).order_by("pk"))
    needs = list(Need)
    span = (firms.start, firms.stop)
    in_chunks(
        Profile,
        *span,
        one(
            lambda n, firm: Profile(
                provider=firm,
                needs=[needs[n % 9], needs[(n + 4) % 9]],
                phases=["secondary"],
                registration=Registration.REGISTERED if n % 4 == 0 else Registration.NOT_REQUIRED,
                updated_at=AT,
            )
        ),
    )
    sites = in_chunks(
        Site,
        *span,
        one(
            lambda n, firm: Site(
                provider=firm,
                name="Workshop",
                kind=SiteKind.PREMISES,
                town="Larkford",
                postcode="LK1 1AA",
                easting=450_000 + n * 7919 % 60_000 - 30_000,
                northing=350_000 + n * 104_729 % 60_000 - 30_000,
                added_at=AT,
            )
        ),
    )
    insured = [firm for n, firm in enumerate(providers) if n % 20]
    in_chunks(
        Insurance,
        0,
        len(insured),
        lambda n: Insurance(
            provider=insured[n],
            kind=InsuranceKind.PUBLIC,
            insurer="Insurer",
            cover_pence=500_000_000,
            ends_on=now.date() + dt.timedelta(days=300),
        ),
    )

    def whose(number):
        return providers[number // len(PARTS) - firms.start], parts[number % len(PARTS)]

    def place(number):
        firm, (framework, lot, part, _) = whose(number)
        return Place(
            framework_id=framework,
            lot_id=lot,
            sub_lot_id=part,
            provider=firm,
            provider_name=firm.name,
            state=PlaceState.ACTIVE,
            awarded_at=AT,
            accepted_at=AT,
            active_from=AT,
        )

    places = in_chunks(Place, first, last, place)

    def price(number):
        _, (_, _, _, line) = whose(number)
        pence = 40_00 + number % 500
        return PlacePrice(place=places[number - first], line_id=line, pence=pence, from_on=AT.date(), set_at=AT)

    in_chunks(PlacePrice, first, last, price)
    week = [(day, half) for day in range(5) for half in ("am", "pm")]

    def seats(number):
        which, turn = divmod(number, 6)
        firm, (_, lot, part, _) = whose(which)
        weekday, half = week[(which + turn) % 10]
        return Seats(
            provider=firm,
            site=sites[which // len(PARTS) - firms.start],
            lot_id=lot,
            sub_lot_id=part,
            weekday=weekday,
            half=half,
            free=1 + turn % 3,
            confirmed_at=now,
        )

    in_chunks(Seats, first * 6, last * 6, seats)


# A usual search: an age, a need, a distance, a morning.
ASKED = "phase=secondary&need=semh&within=10&free=0-am"
PAGES = [
    Page("directory", "sana", of("directory", "elm_grove"), fill_directory),
    Page("directory narrowed", "sana", lambda w: f"{of('directory', 'elm_grove')(w)}?{ASKED}", nothing_more),
    Page("find_provision", "alice", of("find_provision"), nothing_more),
]

SEARCHES = 150  # each client
LEAST = 61  # a second: what a public search for tuition partners sustained


def search(world, tell: Callable[[str], None], kept: list) -> None:
    """Whole pages of usual searches among ten thousand places, one after the other: by two clients at once, each with a
    processor of its own, where the database takes several; by one on SQLite, which is inside this process."""
    framework = Framework.objects.filter(title=TITLE).first()
    fill_directory(world, framework.places.count() if framework else 0, MOST)
    clients = 1 if connection.vendor == "sqlite" else 2
    began = time.perf_counter()
    if clients == 1:
        times = _searches(world.sana.pk, world.elm_grove.pk)
    else:
        connections.close_all()
        with multiprocessing.get_context("fork").Pool(clients) as pool:
            shares = pool.starmap(_searches, [(world.sana.pk, world.elm_grove.pk)] * clients)
        times = [one for share in shares for one in share]
    a_second = len(times) / (time.perf_counter() - began)
    worst = sorted(times)[int(len(times) * 0.95)] * 1000
    kept.append({"work": "searches", "number": MOST, "a_second": round(a_second, 1), "ms_95": round(worst, 1)})
    tell(
        f"{'searches of the directory':<44}{MOST:>9,}{a_second:>9.1f} a second by {clients}, 19 in 20 within "
        f"{worst:.0f} ms; a public peer: {LEAST} a second at 258 ms"
    )


def _searches(person: int, organisation: int) -> list[float]:
    """Seconds that each took."""
    client, times = Client(), []
    user = User.objects.get(pk=person)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address, needs, phases = reverse("directory", args=[organisation]), list(Need), list(PHASES.values())
    for turn in range(SEARCHES):
        asked = {"need": needs[turn % 9].value, "phase": phases[turn % 3], "within": "10", "free": f"{turn % 5}-am"}
        began = time.perf_counter()
        if client.get(address, asked).status_code != 200:
            raise RuntimeError("A search was refused")
        times.append(time.perf_counter() - began)
    return times
