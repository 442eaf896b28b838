"""Acts on contact points, and on membership in union and league."""
