# A habit's short words; everything is done by ./opora.
.PHONY: demo serve test check bench
demo serve test check bench:
	./opora $@
