#!/usr/bin/env bash
# Builds the command and the npm package twice, from nothing, and compares all files. The second build is in a deeper
# folder, with a different `CARGO_HOME` and time zone.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
unset CARGO_TARGET_DIR

folder=$PWD/target/reproduce
first=$folder/one
second="$folder/the second/of two folders"
rm -rf "$folder"

# The files of the checkout, with changes that are not committed.
copy() {
    mkdir -p "$1"
    git ls-files -z --cached --others --exclude-standard |
        while IFS= read -r -d '' file; do if [[ -f $file ]]; then printf '%s\0' "$file"; fi; done |
        tar --null --files-from - -cf - | tar -xf - -C "$1"
}

# Builds in a copy, and prints the hashes of the files.
build() {
    cd "$1"
    for features in "" --native; do
        # shellcheck disable=SC2086 # one word or none
        cargo xtask build $features >&2
        mkdir -p "built/command$features"
        cp target/release/bootshift "built/command$features/"
    done
    cargo xtask npm >&2
    find built pkg/build pkg/dist target/npm -type f -print0 | sort -z | xargs -0 sha256sum
}

# Both at once: the checkout may change while the first is built.
copy "$first"
copy "$second"
(build "$first") >"$folder/first"
(CARGO_HOME="$folder/cargo" TZ=Asia/Kathmandu build "$second") >"$folder/second"

if ! diff "$folder/first" "$folder/second"; then
    echo "files differ; both builds are in $folder" >&2
    exit 1
fi
echo "$(wc -l <"$folder/first") files are the same in both builds"
# Gigabytes that are not needed any more.
rm -rf "$folder"
