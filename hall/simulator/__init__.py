"""A day played again, or many days played ahead: what other windows would do to the waits."""
