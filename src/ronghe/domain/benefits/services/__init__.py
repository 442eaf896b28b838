"""Acts of the room of benefits."""
