"""Pictures of numbers drawn on the server: readable without scripts, on a phone, by ear and on paper."""
