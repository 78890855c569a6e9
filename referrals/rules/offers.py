"""What may be offered on an enquiry. Pure."""

from __future__ import annotations

from lots.rules.refusals import Refused
from lots.states import FrameworkState, Mode, PlaceState


def check_price(pence: int, awarded_pence: int | None) -> None:
    """A provider offers the price of its place that day or a lower one, never a higher (the framework's prices are
    ceilings). Raises `Refused`."""
    if awarded_pence is None:
        raise Refused("Your place has no price on that line on the first day. Select another line", field="line")
    if pence > awarded_pence:
        raise Refused("The price can be that of your place or lower, not higher", field="pence")
    if pence < 1:
        raise Refused("Enter a price of at least a penny", field="pence")


def check_place(
    *, state: str, framework: str, usable: bool, suspended: bool, insured: bool, held: bool = False
) -> None:
    """Who is not active on a running framework that the commissioner may use, is suspended, is held because documents
    ran out, or has no public liability insurance in force takes no new pupil. Said to the commissioner. Raises
    `Refused`."""
    if framework != FrameworkState.RUNNING:
        raise Refused("This framework is not running, so nobody can be chosen from it")
    if not usable:
        raise Refused("This framework is no longer open to your organisation. Ask its buyer, or choose another offer")
    if suspended or state == PlaceState.SUSPENDED:
        raise Refused("This provider’s place is suspended, so it takes no new pupils. Choose another offer")
    if state != PlaceState.ACTIVE:
        raise Refused("This provider no longer has an active place on the framework. Choose another offer")
    if held:
        raise Refused(
            "A document of this provider has run out, so it takes no new pupils under this framework until it is "
            "renewed. Choose another offer"
        )
    if not insured:
        raise Refused(
            "This provider has no public liability insurance in force on the first day. Ask it to add the new "
            "certificate, or choose another offer"
        )


def fits_mode(line: str, wanted: str) -> bool:
    """Whether what a price line delivers is how the provision was asked for."""
    return not wanted or Mode.ANY in {line, wanted} or line == wanted
