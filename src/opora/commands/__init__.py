"""The commands of ./opora, one module each.

A module of this package is a command; a word with a hyphen is a module with an underscore. It has

``SUMMARY``             a Russian sentence without a full stop, shown by ``./opora --help`` (a plain constant:
                        it is read from the text of the module without running it, and translated when shown);
``configure(parser)``   adds the command's own arguments to an ``argparse.ArgumentParser``; optional;
``run(arguments)``      does it, and answers the exit code (None is 0).

A module may also set ``PASS_ALL = True``: then everything after the command's name goes to ``run`` as a list
of strings, without being looked at. What a person can mend is raised as ``opora.lib.spoken.Refused`` with the
sentence they read (exit code 2). Heavy parts, the framework above all, are imported inside ``run``: a command
starts at once.
"""
