# make deps    install what Debian packages provide (root or sudo)
# make demo    the main job end to end, explained step by step
# make test    all tests
# make check   format, imports, lints
# make bench   speed, as ratios beside C programs doing the bare work
# make install DESTDIR= PREFIX=/usr
.PHONY: deps demo test check bench install clean

DEBIAN = libssl-dev libsqlite3-dev libjpeg-dev liblcms2-dev pkg-config openssl curl python3

deps:
	@missing=$$(for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  if [ $$(id -u) = 0 ]; then sudo=; else sudo=sudo; fi; \
	  $$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi

check: deps
	swift format lint --strict --recursive Sources Tests Package.swift

test: deps
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

clean:
	rm -rf .build
