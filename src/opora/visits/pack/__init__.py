"""The pack of a visit: one page that works on a phone without a line."""
