"""What each field of monitoring holds, and how long it is kept."""

from core.data import Keep, Kind, every

_PUPIL, _PROCUREMENT, _AUDIT = Keep.PUPIL, Keep.PROCUREMENT, Keep.AUDIT

FIELDS = {
    "Session": every(
        "id placement weekly provider commissioner contract site day starts_at ends_at state cancelled_at caught_up "
        "mark arrived left entries_made marked_at nudged_at",
        Kind.PERSONAL,
        _PUPIL,
    )
    | every("reason note", Kind.SPECIAL, _PUPIL)
    | every("marked_by", Kind.PERSONAL, _AUDIT),
    "RegisterEntry": every("id session number key mark arrived left made_at", Kind.PERSONAL, _PUPIL)
    | every("reason note", Kind.SPECIAL, _PUPIL)
    | every("made_by", Kind.PERSONAL, _AUDIT),
    "Alert": every(
        "id session commissioner kind raised_at written_at tell_at told_at rung reached_authority undone_at "
        "acknowledged_at over_at",
        Kind.PERSONAL,
        _PUPIL,
    )
    | every("done", Kind.SPECIAL, _PUPIL)
    | every("undone_by acknowledged_by", Kind.PERSONAL, _AUDIT),
    "AlertTold": every("id alert rung whom cover user at", Kind.PERSONAL, _PUPIL),
    "DayRun": every("id day made_at checked_at caught_up", Kind.PUBLIC, _PROCUREMENT),
    "ReportDay": every("id contract day", Kind.COMMERCIAL, _PROCUREMENT),
    "BoardDay": every("id buyer provider day state exceptions", Kind.COMMERCIAL, _PROCUREMENT),
    "DailyReport": every("id provider day version quiet late figures filed_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("filed_by", Kind.PERSONAL, _AUDIT),
    "ReportDue": every(
        "id kpi contract provider buyer day made_at caught_up report late dropped_at", Kind.COMMERCIAL, _PROCUREMENT
    ),
    "Answer": every("id report kpi status what action action_by_on open", Kind.COMMERCIAL, _PROCUREMENT),
    "StandingAnswer": every("id line report provider still words answered_on", Kind.COMMERCIAL, _PROCUREMENT),
    "Rating": every(
        "id kpi from_on until_on proposed figures grade reason rated_at replaced_at", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("rated_by", Kind.PERSONAL, _AUDIT),
    "ReportTerms": every(
        "id buyer due_today_at remind_at cut_off overdue_at escalate_after quiet_from quiet_until changed_at",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    )
    | every("changed_by", Kind.PERSONAL, _AUDIT),
    "Reminder": every("id kind provider contract day written_at run", Kind.COMMERCIAL, _PROCUREMENT),
    "VisitSchedule": every(
        "id owner provider placement kind every from_on until_on written_at ended_at", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("written_by", Kind.PERSONAL, _AUDIT),
    "Visit": every(
        "id owner provider site placement schedule kind state planned_on held_on arrived left words shared_at revision "
        "planned_at written_at cancel_reason",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    )
    | every("seen", Kind.SPECIAL, _PUPIL)
    | every("visitor planned_by written_by", Kind.PERSONAL, _AUDIT),
    "Finding": every("id visit standard number title found words", Kind.COMMERCIAL, _PROCUREMENT),
    "VisitAction": every("id visit finding what owner due_on done_on done_words done_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("done_by", Kind.PERSONAL, _AUDIT),
    "Concern": every(
        "id key kind state provider commissioner authority placement called_999 raised_at raised_for acknowledge_by "
        "escalated_at acknowledged_at handed_at handed_reference handed_to outcome outcome_at removed_at",
        Kind.SPECIAL,
        _PUPIL,
    )
    | every("about_user", Kind.SPECIAL, _PUPIL)
    | every("about detail", Kind.SPECIAL, Keep.HANDED)
    | every("raised_by acknowledged_by handed_by outcome_by", Kind.PERSONAL, _AUDIT),
    "FrontDoor": every("id authority phone out_of_hours page changed_at", Kind.PUBLIC, _PROCUREMENT)
    | every("changed_by", Kind.PERSONAL, _AUDIT),
    "Incident": every(
        "id provider site placement kind happened_at first_aid hospital reportable parent_told_at replaces written_at",
        Kind.PERSONAL,
        _PUPIL,
    )
    | every("words", Kind.SPECIAL, _PUPIL)
    | every("written_by", Kind.PERSONAL, _AUDIT),
    "Drill": every("id provider site held_on seconds people words written_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("written_by", Kind.PERSONAL, _AUDIT),
    "Proposal_suspensions": every("id proposal suspension", Kind.COMMERCIAL, _PROCUREMENT),
    "Proposal": every(
        "id framework provider effect version insurance what ended_on proposed_at answered reason answered_at "
        "suspensions lapsed_at",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    )
    | every("answered_by", Kind.PERSONAL, _AUDIT),
}
