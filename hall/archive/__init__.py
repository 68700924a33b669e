"""The journal in SQL: what reports, audit and replay read."""
