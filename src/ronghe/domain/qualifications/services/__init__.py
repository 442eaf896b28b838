"""Acts on what people are qualified for."""
