"""What goes wrong while reminders and alarms are sent, made to happen: `python -m bench.faults`."""
