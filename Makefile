.PHONY: help run test editor

help:
	@sh scripts/dev.sh help
run:
	@sh scripts/dev.sh run
test:
	@sh scripts/dev.sh test $(args)
editor:
	@sh scripts/dev.sh editor $(name)
