"""The hall's voice: which clips make a call, where they are, and how the default set is rendered."""
