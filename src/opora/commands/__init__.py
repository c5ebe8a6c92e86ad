"""The commands of ./opora, one module each."""
