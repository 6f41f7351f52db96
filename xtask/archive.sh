#!/usr/bin/env bash
# Builds the wheel with the same options as `cargo xtask wheel`, and packs its command with licenses, completions and manual
# page, into target/dist, which then contains nothing else. The last lines are the paths of both.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
for ((i = 1; i < $#; i++)); do
    if [[ ${!i} == --target ]]; then
        next=$((i + 1)) target=${!next}
    fi
done
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
dist=$CARGO_TARGET_DIR/dist
unpacked=$CARGO_TARGET_DIR/wheels/unpacked
rm -rf "$dist"
cargo xtask wheel "$@" >&2
mkdir -p "$dist"
cp "$CARGO_TARGET_DIR"/wheels/*.whl "$dist"
"$(command -v python3 || command -v python)" -m zipfile -e "$dist"/*.whl "$unpacked"
program=$(echo "$unpacked"/*/scripts/bootshift*)
chmod +x "$program"

# `bootshift-0.1.0-x86_64-unknown-linux-gnu`
title=$("$program" --version | tr ' ' '-' | tr -d '\r')-$target
folder=$dist/$title
mkdir -p "$folder/completions"
cp "$program" CHANGELOG.md LICENSE-APACHE LICENSE-MIT README.md licenses.txt "$folder"
"$program" man >"$folder/bootshift.1"
"$program" completions bash >"$folder/completions/bootshift.bash"
"$program" completions fish >"$folder/completions/bootshift.fish"
"$program" completions powershell >"$folder/completions/_bootshift.ps1"
"$program" completions zsh >"$folder/completions/_bootshift"
# Relative names: some tars take `C:` for a machine.
(cd "$dist" && tar -czf "$title.tar.gz" "$title")
rm -r "$folder"
printf '%s\n' "$dist"/*.whl "$dist"/*.tar.gz
