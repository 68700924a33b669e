"""Changes of the archive's schema, run in order when it is opened."""
