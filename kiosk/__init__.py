"""Everything a resident touches."""
