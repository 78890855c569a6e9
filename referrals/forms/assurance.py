"""What is typed about each thing that must be in place before a pupil starts. Each form gives a `Said`."""

from __future__ import annotations

from accounts.forms.fields import DayField
from core.fields import NameField
from files.forms import UploadField
from lots.forms.places import choice
from referrals.forms.assurance_parts import ItemForm, PhoneField, lines
from referrals.states import Item


class StaffForm(ItemForm):
    """The provider confirms in writing that everybody who will work with the pupil has been checked."""

    on = DayField(what="the day of the confirmation", label="On which day was it confirmed?")
    who = NameField(
        what="The name",
        label="Who confirmed it for the provider?",
        help_text="Name and role, for example Dana Price, designated safeguarding lead",
        error_messages={"required": "Enter who confirmed it"},
    )
    paper = NameField(
        what="The list of staff",
        label="Which list of staff does it cover?",
        help_text="For example, single central record of 1 September 2026, version 3",
        error_messages={"required": "Enter which list of staff it covers"},
    )
    note = lines("The note", "Anything else (optional)", rows=3)
    file = UploadField(
        label="The written confirmation (optional)",
        required=False,
        help_text="Upload the letter, never certificates or their contents",
    )
    FIELDS = ("on", "who", "paper", "note", "file")


class NoteForm(ItemForm):
    """What the portal works out; somebody has looked at it."""

    note = lines("The note", "Anything that has to be known (optional)", rows=3)
    FIELDS = ("note",)
    SUBMIT = "I have checked this: it is right"


class RisksForm(ItemForm):
    """Risks, both ways."""

    ours = lines(
        "The risks to share with the provider",
        "What the provider has to know to keep the pupil and others safe",
        help_text="Triggers, what helps, who must not collect the pupil. If there is nothing, say so",
        required="Enter what the provider has to know, or say that there is nothing",
        rows=6,
    )
    theirs = lines(
        "The provider’s risks",
        "What the provider’s risk assessment says for this pupil",
        help_text="Site, activities, travel, lone working, and what is done about it. The provider can write this",
        rows=6,
    )
    file = UploadField(label="The risk assessment (optional)", required=False)
    FIELDS = ("ours", "theirs", "file")


class TheirRisksForm(ItemForm):
    """The provider's side of it."""

    theirs = lines(
        "The risks",
        "What does your risk assessment say for this pupil?",
        help_text="Site, activities, travel, lone working, and what you do about it",
        required="Enter what your risk assessment says for this pupil",
        rows=8,
    )
    file = UploadField(label="Your risk assessment (optional)", required=False)
    FIELDS = ("theirs", "file")


class EmergencyForm(ItemForm):
    """Whom to ring, and what the pupil takes."""

    who = NameField(
        what="The name",
        label="Whom does the provider ring in an emergency?",
        help_text="Name and how they are related to the pupil",
        error_messages={"required": "Enter whom the provider rings in an emergency"},
    )
    phone = PhoneField(label="Telephone number")
    medication = lines(
        "Medication and health",
        "Medication, allergies and health",
        help_text="What, when, who gives it, what to do in an emergency. If there is nothing, enter none",
        required="Enter medication, allergies and health, or none",
    )
    note = lines("The note", "A second person to ring, and anything else (optional)", rows=3)
    FIELDS = ("who", "phone", "medication", "note")


class VisitForm(ItemForm):
    """Somebody has seen the site."""

    needed = choice(
        "Was the site visited?",
        [("yes", "Yes"), ("no", "A visit is not needed, and I say why")],
        required="Choose one of the two",
    )
    on = DayField(what="the day of the visit", label="On which day?")
    who = NameField(what="The name", label="Who visited?", error_messages={"required": "Enter who visited"})
    note = lines("The note", "What they found (optional)")
    why = lines(
        "The reason", "Why a visit is not needed", help_text="For example: teaching is online", longest=1000, rows=3
    )
    FIELDS = ("needed", "on", "who", "note", "why")


class ConsentForm(ItemForm):
    """A parent or carer agrees."""

    needed = choice(
        "Did a parent or carer agree?",
        [("yes", "Yes"), ("no", "It is not needed, and I say why")],
        required="Choose one of the two",
    )
    on = DayField(what="the day of consent", label="On which day?")
    who = NameField(what="The name", label="Who agreed?", error_messages={"required": "Enter who agreed"})
    note = lines("The note", "What they agreed to, and how (optional)", rows=3)
    why = lines(
        "The reason",
        "Why it is not needed",
        help_text="For example: the council arranges this under section 19",
        longest=1000,
        rows=3,
    )
    FIELDS = ("needed", "on", "who", "note", "why")


class NoticeForm(ItemForm):
    """The notice of an off-site direction: written first, then given."""

    report_to = NameField(
        what="The name",
        label="Whom does the pupil report to on the first day?",
        help_text="Name and role at the provider",
        error_messages={"required": "Enter whom the pupil reports to on the first day"},
    )
    breaks = NameField(
        what="The break",
        label="When is the break?",
        help_text="For example, 12:00 to 12:30 in every session",
        error_messages={"required": "Enter when the break is, or say that there is no break"},
    )
    reasons = lines(
        "The reasons",
        "Why is the pupil directed off site?",
        help_text="The parent or carer reads this",
        required="Enter why the pupil is directed off site",
    )
    objectives = lines(
        "The objectives",
        "What is it to achieve?",
        help_text="The parent or carer reads this",
        required="Enter what it is to achieve",
    )
    on = DayField(
        what="the day on which the notice was given",
        label="On which day was the notice given? (once it was)",
        required=False,
        help_text="Save without a day first, download the notice, give it to the parent or carer, then enter the day",
    )
    why = lines(
        "The reason",
        "Why it was given less than two school days before (only where it was)",
        longest=1000,
        rows=3,
    )
    FIELDS = ("report_to", "breaks", "reasons", "objectives", "on", "why")


class LinkForm(ItemForm):
    """One person whom the provider asks for on any day."""

    who = NameField(
        what="The name", label="Link person", help_text="Name and role", error_messages={"required": "Enter a name"}
    )
    phone = PhoneField(label="Telephone number")
    note = lines("The note", "When they can be reached (optional)", rows=3)
    FIELDS = ("who", "phone", "note")


class ReviewForm(ItemForm):
    """When the placement is looked at for the first time."""

    on = DayField(what="the day of the first review", label="Day of the first review")
    note = lines("The note", "Who is invited (optional)", rows=3)
    FIELDS = ("on", "note")


class NoTransportForm(ItemForm):
    """No travel takes place."""

    needed = choice(
        "Does the pupil travel?",
        [("no", "No, and I say why")],
        required="Choose no, or write down how the pupil travels instead",
    )
    why = lines("The reason", "Why not?", help_text="For example: teaching is at home", longest=1000, rows=3)
    FIELDS = ("needed", "why")


FORMS: dict[str, type[ItemForm]] = {
    Item.STAFF: StaffForm,
    Item.SITES: NoteForm,
    Item.RISKS: RisksForm,
    Item.EMERGENCY: EmergencyForm,
    Item.ABSENCE: NoteForm,
    Item.VISIT: VisitForm,
    Item.CONSENT: ConsentForm,
    Item.TRANSPORT: NoTransportForm,
    Item.LINK: LinkForm,
    Item.REVIEW: ReviewForm,
}


def form_for(item: str, *, direction: bool, provider: bool) -> type[ItemForm]:
    """The form of an item: a direction has a notice, and a provider its own side of the risks."""
    if item == Item.CONSENT and direction:
        return NoticeForm
    return TheirRisksForm if item == Item.RISKS and provider else FORMS[item]
