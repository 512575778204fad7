"""Networks and plain rivals that chapters use and that are not a chapter's technique."""
