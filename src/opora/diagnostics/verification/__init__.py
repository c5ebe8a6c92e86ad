"""The school and its curator agree on a risk profile: opinions, chosen risks, the self-diagnosis form."""
