"""Acts on bodies: proposed, decided, carried out; changes of units; the unit's own figures."""
