"""A refusal that is said to the person as one sentence, without a trace of the program's insides."""


class Refused(Exception):
    """The deed cannot be done, and the person can mend why: the message is the sentence they read.

    A command that raises it ends with exit code 2.
    """
