"""Messages to people: their words, and the channels they go through."""
