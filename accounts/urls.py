"""Addresses of people and organisations."""

from django.urls import path

from accounts.views import audit, calendars, invitations, operators, organisations, people

urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/register/", organisations.register_provider, name="register_provider"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("organisations/<int:pk>/people/", people.people, name="people"),
    path("organisations/<int:pk>/people/invite/", invitations.invite, name="invite"),
    path("organisations/<int:pk>/people/<int:person>/roles/", people.person_roles, name="person_roles"),
    path("organisations/<int:pk>/people/<int:person>/remove/", people.remove_person, name="remove_person"),
    path("organisations/<int:pk>/leave/", people.leave_organisation, name="leave_organisation"),
    path("roles/<int:pk>/schools/", people.person_schools, name="person_schools"),
    path("invitations/<int:pk>/send-again/", invitations.resend_invitation, name="resend_invitation"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw_invitation, name="withdraw_invitation"),
    path("invitation/", invitations.accept_invitation, name="accept_invitation"),
    path("invitation/<str:token>/", invitations.open_invitation, name="open_invitation"),
    path("organisations/<int:pk>/record/", audit.audit, name="audit"),
    path("organisations/<int:pk>/record/days/", audit.audit_days, name="audit_days"),
    path("organisations/<int:pk>/record/days.svg", audit.audit_chart, name="audit_chart"),
    path("organisations/<int:pk>/record/copies/", audit.audit_copies, name="audit_copies"),
    path("organisations/<int:pk>/record/copies/record.csv", audit.audit_csv, name="audit_csv"),
    path("organisations/<int:pk>/record/copies/record.pdf", audit.audit_pdf, name="audit_pdf"),
    path("my-record/", audit.my_record, name="my_record"),
    path("organisations/<int:pk>/term-dates/", calendars.term_dates, name="term_dates"),
    path("organisations/<int:pk>/term-dates/add-term/", calendars.add_term, name="add_term"),
    path("organisations/<int:pk>/term-dates/add-closure/", calendars.add_closure, name="add_closure"),
    path("term-dates/<int:pk>/change/", calendars.change_term, name="change_term"),
    path("term-dates/<int:pk>/remove/", calendars.remove_term, name="remove_term"),
    path("closures/<int:pk>/change/", calendars.change_closure, name="change_closure"),
    path("closures/<int:pk>/remove/", calendars.remove_closure, name="remove_closure"),
    path("operators/schools/", operators.import_schools, name="import_schools"),
    path("operators/look-alikes/", operators.look_alikes, name="look_alikes"),
    path("operators/look-alikes/<int:pk>/", operators.look_alike, name="look_alike"),
    path("operators/people/<int:pk>/close/", operators.close_account, name="close_account"),
]
