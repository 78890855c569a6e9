"""Verbs: one file for each noun."""
