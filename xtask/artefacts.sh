#!/usr/bin/env bash
# Checks released files: crates, wheels, npm packages and archives have the expected size, contain the required files, no
# debug information, and no path of this machine. For years, an npm package contained a debug build of 26 MB:
# <https://github.com/tamasfe/taplo/issues/660>.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
here=("$root/" "$HOME/.cargo/registry/src")
if command -v cygpath >/dev/null; then
    here=("$(cygpath -w "$root")" "$(cygpath -w "${here[1]}")")
fi
status=0
problem() {
    echo "error: $file: $1" >&2
    status=1
}

# The sections of a program or module that are for debuggers; fails if it is not valid WebAssembly.
debug_sections() {
    case $(head -c 4 "$1" | od -An -tx1 | tr -d ' ') in
        7f454c46) readelf -SW "$1" | grep -oE '\.z?debug_[a-z]+' ;;
        cffaedfe) otool -l "$1" | grep -oE '__z?debug_[a-z]+' ;;
        0061736d) node -e '
            const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
            const names = ["name", ".debug_info", ".debug_line"];
            console.log(names.filter((name) => WebAssembly.Module.customSections(module, name).length > 0).join(" "));
        ' "$1" 2>/dev/null || echo "invalid WebAssembly" ;;
    esac
}

for file in "$@"; do
    unpacked=$folder/$(basename "$file")
    mkdir "$unpacked"
    licenses="/LICENSE-APACHE /LICENSE-MIT"
    # About half and twice the current size in KB, so that growth is noticed and reviewed.
    case $file in
        *.crate)
            least=200 most=1000 forbidden='/(fuzz|node_modules|pkg|www|xtask|\.github)/'
            required="$licenses /Cargo.lock /README.md /askama.toml /schema/payload.schema.json
                /schema/payload.types.schema.json /src/main.rs /templates/objects/marker.sql" ;;
        *.whl)
            least=800 most=3000 forbidden='\.py'
            required="$licenses /licenses.txt /scripts/bootshift" ;;
        *.tgz)
            least=500 most=2000 forbidden='/(node_modules|src|test)/|\.map'
            required="$licenses /README.md /dist/bin.cjs /dist/bootshift.wasm /dist/index.d.ts /dist/licenses.txt
                /schema/payload.schema.json /schema/payload.types.schema.json" ;;
        *.tar.gz)
            least=800 most=3000 forbidden='/src/'
            required="$licenses /README.md /bootshift /licenses.txt" ;;
        *) problem "unknown kind of file; expected .crate, .whl, .tgz or .tar.gz"; continue ;;
    esac
    case $file in
        *.whl) "$(command -v python3 || command -v python)" -m zipfile -e "$file" "$unpacked" ;;
        *) tar -xzf - -C "$unpacked" <"$file" ;;
    esac
    size=$(($(wc -c <"$file") / 1000))
    ((least <= size && size <= most)) || problem "has $size KB; from $least to $most are expected"
    names=$(cd "$unpacked" && find . -type f)
    for name in $required; do
        grep -qE "${name//./\\.}(\.exe)?\$" <<<"$names" || problem "is missing $name"
    done
    ! grep -E "$forbidden" <<<"$names" || problem "contains these files"
    ! grep -rlF -e "${here[0]}" -e "${here[1]}" "$unpacked" || problem "these files have paths of this machine"
    while IFS= read -r name; do
        sections=$(debug_sections "$unpacked/$name" | tr '\n' ' ' || true)
        [[ -z ${sections// /} ]] || problem "$name has $sections"
    done <<<"$names"
    echo "$file: $size KB"
done
exit $status
