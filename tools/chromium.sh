#!/usr/bin/env bash
# Put a Chromium at .browser/chromium for the tests of the report's page: the machine's own, else Debian's package
# (as root), else the binary that the npm package @sparticuz/chromium ships. In CI a machine without one is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .browser

link() { ln -sf "$1" .browser/chromium && echo "the browser of the tests: $1" >&2; }

for name in "${CHROMIUM:-}" chromium google-chrome; do
	if [ -n "$name" ] && found=$(command -v "$name"); then link "$found"; exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing Debian's package chromium, once" >&2
	apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >&2 || true
	if found=$(command -v chromium); then link "$found"; exit 0; fi
fi
if command -v npm >/dev/null && command -v node >/dev/null; then
	echo "installing the npm package @sparticuz/chromium below .browser, once" >&2
	npm install --silent --no-save --prefix .browser @sparticuz/chromium@147.0.0 >&2 || true
	if found=$(cd .browser && node --input-type=module -e \
		'import c from "@sparticuz/chromium"; console.log(await c.executablePath())' 2>/dev/null) && [ -x "$found" ]; then
		cp "$found" .browser/chromium.bin && link "$PWD/.browser/chromium.bin"; exit 0
	fi
fi
echo "no Chromium could be had: install one, or name one in CHROMIUM; the tests of the report's page are left out" >&2
[ "${CI:-}" != true ]
