"""The frame, the components and the tokens that every page is made of."""
