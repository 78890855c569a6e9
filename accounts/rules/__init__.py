"""Rules about organisations and people: pure functions, no Django, no clock, no query."""
