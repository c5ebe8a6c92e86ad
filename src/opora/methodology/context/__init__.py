"""Context of schools (контекст): an index, the results it lets expect, who is similar, who stands out."""
