"""Keys by which results and pages name the same thing."""


def key_of(*words: object) -> str:
    """A key from words: "RigL, ERK" and 64 become "rigl-erk-64"."""
    text = " ".join(str(word).lower() for word in words)
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in text).split())
