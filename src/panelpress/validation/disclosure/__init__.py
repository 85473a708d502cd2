"""The attacker: claims from release files alone. Shares no code with the protector and holds no truth; a scorer does."""
