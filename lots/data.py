"""What each field of lots holds, and how long it is kept."""

from core.data import Keep, Kind, every

_PROCUREMENT = Keep.PROCUREMENT

FIELDS = {
    "Framework": every(
        "id buyer previous generation state title description ocid reference is_open light_touch above_threshold "
        "with_competition net_pence gross_pence max_participants max_lots starts_on ends_on scheme_ends_on "
        "enquiries_until closes_at award_by_on criteria lots_explained payment_terms risks how_to_apply created_at "
        "published_at awarded_at ended_at withdrawn_at coverage_acknowledged_at coverage_acknowledged standards_chosen",
        Kind.PUBLIC,
        _PROCUREMENT,
    )
    | every("created_by published_by coverage_acknowledged_by", Kind.PERSONAL, Keep.AUDIT),
    "Policies": every(
        "id framework pool counted margin_percent sides low_percent fail_costs basis quality evaluators blind_percent "
        "auto_places over_limit_rule lot_limit call_off selection departures price_review review_cap_percent review_on "
        "charge_attended charge_absent_told charge_absent_not_told charge_closed charge_cancelled notice_hours "
        "in_flight payment_days locked_at",
        Kind.PUBLIC,
        _PROCUREMENT,
    ),
    "Decision": every(
        "id framework about option reason clarification decided_at replaced_at", Kind.PUBLIC, _PROCUREMENT
    )
    | every("decided_by", Kind.PERSONAL, Keep.AUDIT),
    "KeyDate": every("id framework kind at description position", Kind.PUBLIC, _PROCUREMENT),
    "Document": every(
        "id framework reference kind notice_type title url published_at position", Kind.PUBLIC, _PROCUREMENT
    ),
    "PermittedUser": every("id framework organisation description schools_of_area", Kind.PUBLIC, _PROCUREMENT),
    "Lot": every(
        "id framework number position title description net_pence gross_pence is_auto for_small for_voluntary "
        "starts_on ends_on",
        Kind.PUBLIC,
        _PROCUREMENT,
    ),
    "SubLot": every("id lot letter phase", Kind.PUBLIC, _PROCUREMENT),
    "Region": every("id lot code position", Kind.PUBLIC, _PROCUREMENT),
    "LotText": every("id lot kind name published resolved same_as position", Kind.PUBLIC, _PROCUREMENT),
    "PriceLine": every("id lot position title unit mode group includes gated required", Kind.PUBLIC, _PROCUREMENT),
    "Place": every(
        "id framework lot sub_lot provider provider_name state route awarded_at waits_until waits_for_notice told "
        "accepted_at active_from ended_at end_reason came_from held_at",
        Kind.PUBLIC,
        _PROCUREMENT,
    )
    | every("end_note", Kind.COMMERCIAL, _PROCUREMENT),
    "PlacePrice": every("id place line pence from_on reason set_at", Kind.COMMERCIAL, _PROCUREMENT),
    "Suspension": every(
        "id buyer provider place cause reason began_at lifted_at lifted_reason", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("began_by lifted_by", Kind.PERSONAL, Keep.AUDIT),
    "Transfer": every(
        "id framework provider successor kind reason checked_on outcome moved_at", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("checked_by moved_by", Kind.PERSONAL, Keep.AUDIT),
    "Succession": every("id buyer successor reason offered_at accepted_at withdrawn_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("offered_by accepted_by", Kind.PERSONAL, Keep.AUDIT),
    "StandardSet": every("id owner name source", Kind.PUBLIC, _PROCUREMENT),
    "StandardsVersion": every(
        "id standard_set framework copied_from number note made_at fixed_at", Kind.PUBLIC, _PROCUREMENT
    )
    | every("made_by fixed_by", Kind.PERSONAL, Keep.AUDIT),
    "KpiTheme": every("id version name position", Kind.PUBLIC, _PROCUREMENT),
    "Theme": every("id version number title position", Kind.PUBLIC, _PROCUREMENT),
    "Standard": every(
        "id theme number title good_looks_like safeguarding position kpi_themes", Kind.PUBLIC, _PROCUREMENT
    ),
    "SealKey": every("id framework wrapped mark made_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("made_by", Kind.PERSONAL, Keep.AUDIT),
    "Recovery": every(
        "id framework state began_at made_at tried_at replaced_at inner file mark", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("first second", Kind.PERSONAL, Keep.AUDIT),
    "Standard_kpi_themes": every("id standard kpitheme", Kind.PUBLIC, _PROCUREMENT),
    "Evidence": every("id standard kind title months on_expiry required position", Kind.PUBLIC, _PROCUREMENT),
    "Applies": every("id standard to how instead", Kind.PUBLIC, _PROCUREMENT),
}
