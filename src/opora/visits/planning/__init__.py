"""Planning visits and what becomes of them."""
