"""What a chapter must have: each broken rule is a sentence."""
