"""Organization: who is where. Two linked trees, people, memberships and posts."""
