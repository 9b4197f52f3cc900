#!/usr/bin/env bash
# Installs the cargo-stylus that tests/cargo_stylus.rs runs, into target/tools. Does nothing if it is there already.
# Without debug information, which is most of what a debug build writes; a release build takes longer and gains nothing here. Measured,
# with debug information and on two cores that others used as well: nine minutes.
set -euo pipefail
cd "$(dirname "$0")/../../.."

version=0.10.10
if [ "$(target/tools/bin/cargo-stylus stylus --version 2>/dev/null)" = "stylus $version" ]; then
    exit
fi
# In a folder of its own, so that nothing else has to wait for it.
env --unset=CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 cargo install cargo-stylus --version "$version" --locked --debug --root target/tools
