#!/usr/bin/env bash
# Puts `ci-repair` into the PATH of the steps that follow, unless it is there: a release whose checksum is right, or
# this very source, built.
set -euo pipefail

fail() {
  printf '::error title=ci-repair::%s\n' "$1"
  exit 2
}

download() {
  local archive file
  [[ $INPUT_VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || fail "the input 'version' is no version"
  [[ $INPUT_SHA256 =~ ^[0-9a-f]{64}$ ]] || fail "a release is only run if the input 'sha256' says what it has to be"
  archive="ci-repair-$(uname -m)-unknown-linux-gnu.tar.gz"
  file=$home/$archive
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' --retry 3 \
    --output "$file" "$INPUT_RELEASES/v$INPUT_VERSION/$archive" || fail "cannot download $archive of $INPUT_VERSION"
  printf '%s  %s\n' "$INPUT_SHA256" "$file" | sha256sum --check --strict --status ||
    fail "$archive of $INPUT_VERSION has another checksum than the input 'sha256'; nothing of it is run"
  tar --extract --gzip --file "$file" --directory "$home/bin" ci-repair
}

# Cargo and rustup read configuration where they stand, so they must not stand in the repository that is repaired.
build() {
  cd "$GITHUB_ACTION_PATH"
  command -v cargo >/dev/null || fail "without the input 'version', the runner needs Rust to build ci-repair"
  cargo install --quiet --locked --path examples --bin ci-repair --root "$home"
}

if command -v ci-repair >/dev/null; then
  exit 0
fi
home=$RUNNER_TEMP/ci-repair
mkdir -p "$home/bin"
if [[ -n $INPUT_VERSION ]]; then
  download
else
  build
fi
"$home/bin/ci-repair" --version
printf '%s\n' "$home/bin" >>"$GITHUB_PATH"
