// Placeholder until the first slice of this room lands.
