"""The office: the hall at a glance, reports, planning, ratings, and what a manager sets."""
