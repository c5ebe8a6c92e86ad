"""Lists without the system: files of results in, an explained list out, and its replay years later."""
