"""States of an application with their moves, and the fixed words of profiles, evidence and questions."""

from __future__ import annotations

from django.db.models import TextChoices


class ApplicationState(TextChoices):
    FOLLOWING = "following", "Following"
    DRAFT = "draft", "Not sent yet"
    SUBMITTED = "submitted", "Submitted"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Submitted: a submission stands, whatever is changed in the draft since. Withdrawn: the last one was taken back.
APPLICATION_MOVES = {
    ApplicationState.FOLLOWING: {ApplicationState.DRAFT},
    ApplicationState.DRAFT: {ApplicationState.SUBMITTED},
    ApplicationState.SUBMITTED: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
    ApplicationState.WITHDRAWN: {ApplicationState.SUBMITTED},
}


class SiteKind(TextChoices):
    PREMISES = "premises", "A building or outdoor site"
    ONLINE = "online", "Online only"
    HOME = "home", "In pupils’ homes"
    COMMUNITY = "community", "In the community (libraries, youth centres)"


class Need(TextChoices):
    """What a provider is set up for."""

    SEMH = "semh", "Social, emotional and mental health"
    AUTISM = "autism", "Autism"
    ANXIETY = "anxiety", "Anxiety and not attending school"
    MEDICAL = "medical", "Medical needs"
    LEARNING = "learning", "Learning difficulties"
    SPEECH = "speech", "Speech, language and communication"
    PHYSICAL = "physical", "Physical disability"
    SENSORY = "sensory", "Hearing or sight"
    EXPLOITATION = "exploitation", "Risk of exploitation"


class Registration(TextChoices):
    """Whether the provider is a school registered with the Department for Education."""

    REGISTERED = "registered", "A registered school"
    NOT_REQUIRED = "not_required", "Not a school, and need not be registered"
    APPLIED = "applied", "Registration has been applied for"


class InsuranceKind(TextChoices):
    PUBLIC = "public", "Public liability"
    EMPLOYERS = "employers", "Employers’ liability"
    PROFESSIONAL = "professional", "Professional indemnity"
    MOTOR = "motor", "Motor (business use)"
    OTHER = "other", "Other"


class ItemKind(TextChoices):
    """What a document in the evidence library is."""

    POLICY = "policy", "Policy or procedure"
    CERTIFICATE = "certificate", "Certificate"
    INSURANCE = "insurance", "Insurance certificate"
    TRAINING = "training", "Training record"
    STAFF_CHECKS = "staff_checks", "Extract of the single central record (no certificates)"
    RISK = "risk", "Risk assessment"
    INSPECTION = "inspection", "Inspection report"
    CDP = "cdp", "Supplier information from the Central Digital Platform"
    OTHER = "other", "Other document"


class MessageKind(TextChoices):
    MESSAGE = "message", "Message"
    HELP = "help", "Request for help"


class DeadlineReason(TextChoices):
    EXTENSION = "extension", "Extended before it passed"
    OUTAGE = "outage", "Set again after the portal was out of order"


class Vat(TextChoices):
    """How a price stands to VAT, as the provider declares it for each line."""

    EXEMPT = "exempt", "Exempt from VAT"
    STANDARD = "standard", "VAT is added at the standard rate"
    REDUCED = "reduced", "VAT is added at the reduced rate"
    ZERO = "zero", "VAT is added at the zero rate"
    NOT_REGISTERED = "not_reg", "We are not registered for VAT"


class Half(TextChoices):
    """A half of a school day, as its register is taken."""

    AM = "am", "Morning"
    PM = "pm", "Afternoon"
