"""verl's PPO trainer as seen from outside, around a policy small enough for plain Python."""
