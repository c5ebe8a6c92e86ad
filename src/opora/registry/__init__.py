"""The registry: regions, municipalities, schools and who acts for them."""
