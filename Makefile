# make deps      install what Debian packages provide (root or sudo)
# make demo      the main job end to end, explained step by step
# make test      all tests
# make tools     other people's programs that judge our papers, from PyPI (part of make test)
# make web       the public pages in a real browser (installs chromium; part of make test)
# make check     format, layering, the portable SQL subset
# make bench     speed, as ratios beside C programs doing the bare work
# make million   the same of a store of a million pieces (minutes)
# make faults    longer: kill -9 under load, and power cuts replayed from a system-call trace
# make fuzz      a minute of libFuzzer for each parser of what strangers hand in
# make install   DESTDIR= PREFIX=/usr
.PHONY: deps webdeps tools demo test web check bench million faults fuzz install clean
SHELL = /bin/bash
PREFIX ?= /usr

# For building; then for tests, where formats are judged by somebody else's programs.
DEBIAN = libssl-dev libsqlite3-dev libjpeg-dev liblcms2-dev zlib1g-dev libexpat1-dev pkg-config gcc libc6-dev openssl curl python3 tar \
         libpq-dev postgresql openssh-client openssh-server libimage-exiftool-perl libxml2-utils strace \
         libpango1.0-dev libcairo2-dev fonts-noto-core qpdf poppler-utils libnss3-tools libqrencode-dev zbar-tools \
         faketime imagemagick python3-venv procps

# For looking at the public pages. Node (20 or later) reads their scripts without a browser; where it is not, those tests are skipped and say so.
WEB = chromium fonts-noto-core fonts-noto-ui-core python3-venv

deps: PACKAGES = $(DEBIAN)
webdeps: PACKAGES = $(WEB)
deps webdeps:
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  if [ $$(id -u) = 0 ]; then sudo=; else sudo=sudo; fi; \
	  $$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi

demo: deps
	swift build --product gemd
	swift build --product gemctl
	bash Examples/demo.sh .build/debug

check: deps
	swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
	bash Tests/lint.sh

# Imports go down only: the compiler holds it.
test: deps tools
	swift build --build-tests --explicit-target-dependency-import-check error
	bash Tests/watched.sh 1800 swift test --skip-build
	$(MAKE) web

# Where there is no package index those tests are skipped, and say so.
tools: deps
	@.build/tools/bin/python -c 'import pyhanko.sign.validation' 2>/dev/null || \
	{ python3 -m venv .build/tools && .build/tools/bin/pip install -q pyHanko==0.38.0; } || \
	echo "tools: pyHanko could not be installed; what it would judge is skipped"

# axe-core comes inside the wheel, the browser from Debian: nothing is downloaded while the tests run.
web: deps webdeps
	swift build --product gemd
	swift build --product gemctl
	test -x .build/web/bin/pytest || python3 -m venv .build/web
	.build/web/bin/pip install -q pytest==9.0.3 playwright==1.65.2 axe-playwright-python==0.1.8
	cd Tests/web && GEMD_PROGRAMS=$(CURDIR)/.build/debug $(CURDIR)/.build/web/bin/pytest -q -p no:cacheprovider -rs

bench: deps
	swift build -c release --static-swift-stdlib --product gemd
	swift build -c release --static-swift-stdlib --product EmptyRoute
	swift build -c release --static-swift-stdlib --product CertificateBench
	python3 Benchmarks/bench.py $(addprefix .build/release/,gemd EmptyRoute CertificateBench) --csv ../shared/data/diamonds.csv

million: deps
	swift build -c release --static-swift-stdlib --product gemd
	python3 Benchmarks/million.py .build/release/gemd --csv ../shared/data/diamonds.csv
	python3 Benchmarks/million.py .build/release/gemd --csv ../shared/data/diamonds.csv --engine postgres

faults: deps
	swift build --product gemd
	python3 Tests/faults/kill9.py .build/debug/gemd
	python3 Tests/faults/powercut.py .build/debug/gemd

fuzz: deps
	bash Tests/fuzz/fuzz.sh

install:
	swift build -c release --static-swift-stdlib -Xlinker -z -Xlinker now --product gemd
	swift build -c release --static-swift-stdlib -Xlinker -z -Xlinker now --product gemctl
	install -D -m 755 .build/release/gemd $(DESTDIR)$(PREFIX)/sbin/gemd
	install -D -m 755 .build/release/gemctl $(DESTDIR)$(PREFIX)/bin/gemctl
	install -d $(addprefix $(DESTDIR)$(PREFIX)/share/,bash-completion/completions zsh/site-functions fish/vendor_completions.d)
	.build/release/gemctl --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/gemctl
	.build/release/gemctl --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_gemctl
	.build/release/gemctl --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/gemctl.fish
	install -D -m 644 etc/gemd.toml $(DESTDIR)/etc/gemd/gemd.toml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system systemd/gemd.socket systemd/gemd.service
	install -D -m 644 etc/sysusers.d/gemd.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/gemd.conf
	install -D -m 644 etc/tmpfiles.d/gemd.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/gemd.conf

clean:
	rm -rf .build Benchmarks/bin
