"""Nothing is recorded here: being reminded is nobody's merit and nobody's fault."""
