"""Where in a release each fact of a framework stands (Find a Tender's way of writing OCDS; notice UK4)."""

from __future__ import annotations

AGREEMENT = ("tender", "techniques", "frameworkAgreement")
LOTS = ("tender", "lots")
ITEMS = ("tender", "items")
PROSE = ("tender", "lotDetails", "awardCriteriaDetails")

TEXTS = {
    "title": ("tender", "title"),
    "description": ("tender", "description"),
    "reference": ("tender", "id"),
    "criteria": (*AGREEMENT, "description"),
    "lots_explained": PROSE,
    "payment_terms": ("tender", "contractTerms", "financialTerms"),
    "risks": ("tender", "riskDetails"),
    "how_to_apply": ("tender", "submissionMethodDetails"),
}
FLAGS = {"is_open": (*AGREEMENT, "isOpenFrameworkScheme"), "above_threshold": ("tender", "aboveThreshold")}
LIMITS = {
    "max_participants": (*AGREEMENT, "maximumParticipants"),
    "max_lots": ("tender", "lotDetails", "maximumLotsBidPerSupplier"),
}
LAST_DAYS = {
    "scheme_ends_on": (*AGREEMENT, "openFrameworkSchemeEndDate"),
    "award_by_on": ("tender", "awardPeriod", "endDate"),
}
MOMENTS = {
    "enquiries_until": ("tender", "enquiryPeriod", "endDate"),
    "closes_at": ("tender", "tenderPeriod", "endDate"),
}
VALUE = ("tender", "value")
AMOUNTS = {"net_pence": "amount", "gross_pence": "amountGross"}
# The term of the framework, where the notice states one of its own; else it is that of the lots.
PERIODS = [(*AGREEMENT, "period"), ("tender", "contractPeriod")]
ENDS = {"starts_on": "startDate", "ends_on": "endDate"}
METHOD = (*AGREEMENT, "method")
REGIME = ("tender", "specialRegime")

LOT_TEXTS = {"title": ("title",), "description": ("description",)}
LOT_FLAGS = {"for_small": ("suitability", "sme"), "for_voluntary": ("suitability", "vcse")}
LOT_PERIOD = "contractPeriod"

ENGAGEMENTS = ("planning", "milestones")
FUTURE_NOTICE = ("tender", "communication", "futureNoticeDate")
REOPENINGS = ("tender", "recurrence", "dates")
OTHER_DATES = ("tender", "milestones")
