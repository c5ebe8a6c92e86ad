"""Context of schools (контекст): how hard it is, what it lets expect, who is alike, who might be a mentor."""
