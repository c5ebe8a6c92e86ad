"""The data of each page of identification; one function makes one page."""
