"""The record's pages live in `accounts`, which knows people and organisations: nothing is answered from here."""

urlpatterns = []
