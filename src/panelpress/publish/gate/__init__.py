"""One candidate before the gate: findings of every stage collected, and the attacks scored."""
