"""The minute before a deadline, with real processes: bidders who submit, bidders who are late, servers that die."""
