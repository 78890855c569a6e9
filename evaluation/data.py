"""What each field of evaluations holds, and how long it is kept."""

from core.data import Keep, Kind, every

_AUDIT = Keep.AUDIT

FIELDS = {
    "Appeal": every(
        "id bid standard lot text state received_on noted_at reason settled decided_at", Kind.COMMERCIAL, _AUDIT
    )
    | every("noted_by decided_by", Kind.PERSONAL, _AUDIT),
    "Appointment": every("id evaluation duty appointed_at ended_at end_reason", Kind.COMMERCIAL, _AUDIT)
    | every("person appointed_by ended_by", Kind.PERSONAL, _AUDIT),
    "Assignment": every("id evaluation standard assigned_at ended_at", Kind.COMMERCIAL, _AUDIT)
    | every("person", Kind.PERSONAL, _AUDIT),
    "AwardLine": every("id award_set bid lot sub_lot awarded cause reason place", Kind.COMMERCIAL, _AUDIT),
    "AwardSet": every(
        "id evaluation run number state standstill rule_applied note sha256 proposed_at decided_at "
        "decided_note notice_number published_on published_noted_at waits_until",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("proposed_by decided_by published_noted_by", Kind.PERSONAL, _AUDIT),
    "Bid": every(
        "id evaluation provider provider_name submission number sha256 state state_reason state_at",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("state_by", Kind.PERSONAL, _AUDIT),
    "BidLot": every("id bid lot sub_lot complete missing", Kind.COMMERCIAL, _AUDIT),
    "Clarification": every(
        "id bid standard lot evidence judgement cure text asked_at due_at answer version answered_at",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("asked_by answered_by", Kind.PERSONAL, _AUDIT),
    "Conflict": every("id evaluation provider source noted_at mitigated_at", Kind.COMMERCIAL, _AUDIT)
    | every("person noted_by mitigated_by text mitigation", Kind.PERSONAL, _AUDIT),
    "Correction": every(
        "id price was_pence becomes_pence reason consent proposed_at approved_at dropped_at replaced_at",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("proposed_by approved_by", Kind.PERSONAL, _AUDIT),
    "CureRule": every("id evaluation kind cure", Kind.COMMERCIAL, _AUDIT),
    "Declaration": every("id evaluation moment declared_at replaced_at", Kind.COMMERCIAL, _AUDIT)
    | every("person text has_interest", Kind.PERSONAL, _AUDIT),
    "Evaluation": every(
        "id framework stage two_open clarify_days standstill began_at fixed_at seed", Kind.COMMERCIAL, _AUDIT
    )
    | every("began_by", Kind.PERSONAL, _AUDIT),
    "Freeze": every(
        "id evaluation number at document sha256 void_reason void_proposed_at voided_at", Kind.COMMERCIAL, _AUDIT
    )
    | every("by void_proposed_by voided_by", Kind.PERSONAL, _AUDIT),
    "GatePool": every("id run lot sub_lot line count total upper lower", Kind.COMMERCIAL, _AUDIT),
    "GateResult": every("id run pool bid price pence compared counts passes low", Kind.COMMERCIAL, _AUDIT),
    "GateRun": every(
        "id evaluation opening number state policy asked_at why done_at prices failing inputs_sha256 sha256 "
        "signed_at voided_at void_reason",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("asked_by signed_by", Kind.PERSONAL, _AUDIT),
    "Judgement": every(
        "id bid standard lot number slot position sampled outcome reason version pages revision saved_at "
        "locked_at ended_at end_reason",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("person", Kind.PERSONAL, _AUDIT),
    "Letter": every("id award_set bid kind file made_at sent_at read_at", Kind.COMMERCIAL, _AUDIT),
    "LowEnquiry": every(
        "id bid price text asked_at due_at answer answered_at decision reason decided_at replaced_at",
        Kind.COMMERCIAL,
        _AUDIT,
    )
    | every("asked_by answered_by decided_by", Kind.PERSONAL, _AUDIT),
    "Meeting": every("id settled met_on", Kind.COMMERCIAL, _AUDIT) | every("took_part", Kind.PERSONAL, _AUDIT),
    "Meeting_took_part": every("id meeting", Kind.COMMERCIAL, _AUDIT) | every("user", Kind.PERSONAL, _AUDIT),
    "OpeningAct": every("id evaluation opening proposed_at opened_at submissions sha256", Kind.COMMERCIAL, _AUDIT)
    | every("proposed_by opened_by", Kind.PERSONAL, _AUDIT),
    "PriceOpening": every("id freeze at connected", Kind.COMMERCIAL, _AUDIT) | every("by", Kind.PERSONAL, _AUDIT),
    "QualityResult": every("id freeze bid lot passed", Kind.COMMERCIAL, _AUDIT),
    "ReportCopy": every("id evaluation asked_at full with_prices left_out file made_at", Kind.COMMERCIAL, _AUDIT)
    | every("asked_by", Kind.PERSONAL, _AUDIT),
    "Reversal": every("id line reason proposed_at done_at", Kind.COMMERCIAL, _AUDIT)
    | every("proposed_by done_by", Kind.PERSONAL, _AUDIT),
    "Settled": every("id bid standard lot outcome how reason at replaced_at", Kind.COMMERCIAL, _AUDIT)
    | every("by", Kind.PERSONAL, _AUDIT),
    "ThemeResult": every("id freeze bid theme lot passed", Kind.COMMERCIAL, _AUDIT),
}
