# Recipes that run one tool each; `just` lists them. The tasks that need more are in `cargo xtask`; `cargo xtask just RECIPE`
# runs a recipe with the pinned tools of xtask/packaging/requirements.txt.

set shell := ["bash", "-euo", "pipefail", "-c"]

# The oldest Rust that the workspace promises to compile with
msrv := `sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml`

# The files that `mutants` changes: what decides, and what writes SQL
mutants_in := "src/{check,payload,schema,script,sql}/**"

[private]
default:
    @{{ just_executable() }} --list --unsorted

[private]
all +recipes:
    #!/usr/bin/env bash
    failed=()
    for recipe in {{ recipes }}; do
        printf '\n==> just %s\n' "$recipe" >&2
        "{{ just_executable() }}" "$recipe" || failed+=("$recipe")
    done
    echo "failed: ${failed[*]:-none}" >&2
    (( ${#failed[@]} == 0 ))

# Run all lints below and `deny`, and list those that failed; `cargo xtask lint` first makes and installs what they need
lint: (all "words fmt clippy javascript justfile deny docs")

# Find terms that the glossary of CONTRIBUTING.md rules out, and misspelled words (codespell)
words:
    #!/usr/bin/env bash
    set -euo pipefail
    files=('*.css' '*.html' '*.js' '*.md' '*.mjs' '*.rs' '*.sql' '*.toml' '*.ts' '*.tsx'
        ':!CHANGELOG.md' ':!CONTRIBUTING.md' ':!findings')
    # The code in the last column of the table
    terms=$(sed -n '/^## Words/,/^Messages/s/.*|\(.*\)|$/\1/p' CONTRIBUTING.md | grep -o '`[^`]*`' | tr -d '`' | paste -sd '|' -)
    # Whole words, and parts of identifiers
    if git grep --untracked -niP "(?<![[:alnum:]])($terms)(?![[:alnum:]])" -- "${files[@]}"; then
        echo "error: write what the glossary of CONTRIBUTING.md (Words) says instead" >&2
        exit 1
    fi
    git ls-files -z --cached --others --exclude-standard -- "${files[@]}" | xargs -0 codespell

# Check the formatting of Rust (rustfmt)
fmt:
    cargo fmt --all --check

# Lint the Rust of every set of features (clippy)
clippy:
    cargo clippy --workspace --all-targets -- -D warnings
    # No tests by default, so they are none of all targets.
    cargo clippy --package bootshift --package xtask --test redshift --test adoption -- -D warnings
    cargo clippy --package bootshift --lib --bins -- -D warnings
    cargo clippy --package bootshift --features native --lib --bins -- -D warnings
    cargo clippy --package bootshift --no-default-features --lib -- -D warnings
    cargo clippy --package bootshift --no-default-features --features wasm --lib -- -D warnings
    cargo clippy --package bootshift --no-default-features --features wasm --lib --test wasm \
        --target wasm32-unknown-unknown -- -D warnings
    cargo clippy --package bootshift --no-default-features --features cli,wasm --lib \
        --target wasm32-unknown-unknown -- -D warnings

# Lint the JavaScript and the types of the package, the page and the tests (eslint, prettier, tsc)
javascript:
    #!/usr/bin/env bash
    status=0
    for folder in pkg www tests/differential tests/schema-tools; do
        npm --prefix "$folder" run --silent lint || status=1
    done
    exit $status

# Check the formatting of this file
justfile:
    {{ just_executable() }} --unstable --fmt --check

# Build the documentation of the crate (rustdoc) and the book (mdBook, lychee), with warnings as errors; prints their folder
docs:
    #!/usr/bin/env bash
    set -euo pipefail
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --features bootshift/native
    book=${CARGO_TARGET_DIR:-$PWD/target}/book
    mdbook build book --dest-dir "$book" 2>&1 | tee "$book.log" >&2
    # Warnings, and what pages load from other servers
    if grep -vE '^ *(INFO|$)' "$book.log" || grep -rEo --include='*.html' ' src="[a-z]+://[^"]*' "$book"; then
        exit 1
    fi
    # Links, but not to other servers; those of 404.html begin at the root
    lychee --offline --include-fragments --no-progress --quiet --exclude-path '404\.html$' "$book"
    echo "$book"

# Compare with other validators, readers and editors on generated documents, for minutes; `--documents 500`, `--seed 7`
differential *options:
    cargo build --package bootshift --example judge
    cd tests/differential && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cd tests/differential && node compare.mjs --judge "${CARGO_TARGET_DIR:-../../target}/debug/examples/judge" \
        --check-jsonschema "$(command -v check-jsonschema)" {{ options }}
    cd tests/differential && node --test test/language-server.test.js

# Install the tools of `audit` in pinned versions; cargo-deny is one of xtask/packaging/requirements.txt
audit-tools:
    cargo install --locked cargo-machete@0.9.2 cargo-semver-checks@0.51.0

# Install the tools of `coverage`, `mutants` and `fuzz` in pinned versions
test-tools:
    rustup component add llvm-tools
    rustup toolchain install nightly --profile minimal
    cargo install --locked cargo-llvm-cov@0.9.1 cargo-mutants@27.1.0 cargo-fuzz@0.13.2

# Run all checks below, up to `public-api`, and list those that failed
audit: (all "deny advisories unused msrv npm-audit public-api")

# Check the licenses and sources of crates against deny.toml (cargo-deny)
deny:
    cargo deny --locked check --hide-inclusion-graph licenses bans sources

# Check crates for security advisories of RustSec (cargo-deny)
advisories:
    cargo deny --locked check advisories

# Find unused dependencies (cargo-machete)
unused:
    cargo machete --with-metadata --skip-target-dir .

# Compile everything with the oldest promised Rust
msrv:
    rustup toolchain install {{ msrv }} --profile minimal --target wasm32-unknown-unknown
    CARGO_TARGET_DIR=target/msrv cargo +{{ msrv }} check --locked --workspace --all-targets \
        --features bootshift/native,bootshift/wasm
    CARGO_TARGET_DIR=target/msrv cargo +{{ msrv }} check --locked --package bootshift --lib \
        --no-default-features --features wasm --target wasm32-unknown-unknown
    CARGO_TARGET_DIR=target/msrv cargo +{{ msrv }} check --locked --package bootshift --lib \
        --no-default-features --features cli,wasm --target wasm32-unknown-unknown

# Check the npm packages of the package and of the page for security advisories
npm-audit:
    cd pkg && npm audit --package-lock-only --audit-level=low
    cd www && npm audit --package-lock-only --audit-level=low

# Compare the public API with the newest release, or with another commit (cargo-semver-checks)
public-api baseline="":
    baseline={{ quote(baseline) }}; \
    cargo semver-checks --package bootshift --all-features \
        --baseline-rev "${baseline:-$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || echo HEAD)}"

# Measure which lines of the crate the tests run (cargo-llvm-cov); the arguments select tests
coverage *arguments="--lib --bin bootshift --test integration --test redshift":
    cargo llvm-cov test --package bootshift --no-report --no-fail-fast {{ arguments }}
    cargo llvm-cov report --package bootshift --ignore-filename-regex '/tests(/|\.rs$)' --html --output-dir target/coverage
    cargo llvm-cov report --package bootshift --ignore-filename-regex '/tests(/|\.rs$)' --summary-only

# Change the code in one place after the other, and name the changes that no test detects (cargo-mutants)
mutants *arguments:
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=1 PROPTEST_MAX_SHRINK_ITERS=0 \
        cargo mutants --no-shuffle --output target --file {{ quote(mutants_in) }} {{ arguments }}

# Fuzz a target of fuzz/fuzz_targets with libFuzzer (cargo-fuzz); new inputs go to target/fuzz/found
fuzz target seconds="1800" *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    target={{ quote(target) }}
    case $target in
        scripts) dictionary=sql length=512 ;;
        emulator) dictionary=sql length=2048 ;;
        wire) dictionary=protocol length=8192 ;;
        *) dictionary=payload length=2048 ;;
    esac
    folders=("target/fuzz/found/$target" "fuzz/seeds/$target" "fuzz/regressions/$target")
    mkdir -p "${folders[@]}" "target/fuzz/failures/$target"
    # Nothing here is unsafe: a sanitizer would only slow it down.
    cargo +nightly fuzz run --sanitizer none --target-dir target/fuzz/build "$target" "${folders[@]}" -- \
        -artifact_prefix="target/fuzz/failures/$target/" -dict="fuzz/dictionaries/$dictionary.dict" \
        -max_len="$length" -max_total_time={{ seconds }} -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 \
        {{ arguments }}

# Measure whole processes, the package, the page and the core, one after the other; each prints Markdown
bench: bench-processes bench-package bench-page bench-core

# Measure whole processes beside other validators (hyperfine); `--full` for 100,000 files
bench-processes *arguments:
    cargo build --locked --release --package bootshift --bin bootshift
    npm --prefix benches ci --ignore-scripts --no-audit --no-fund --loglevel=error
    node benches/processes.mjs "${CARGO_TARGET_DIR:-$PWD/target}/release/bootshift" {{ arguments }}

# Measure the package in Node.js beside ajv and yaml
bench-package:
    cargo xtask npm
    npm --prefix pkg run --silent bench

# Measure the page in Chromium
bench-page:
    cargo xtask site
    npm --prefix www run --silent bench

# Measure the core alone (criterion)
bench-core *arguments:
    cargo bench --package bootshift --bench core -- {{ arguments }}

# Measure `apply` and `status` on the emulator with a latency of 50 ms, also of another commit
bench-latency commit="":
    #!/usr/bin/env bash
    set -euo pipefail
    commit={{ quote(commit) }}
    target=${CARGO_TARGET_DIR:-$PWD/target}
    # Of its own: Cargo takes files of one checkout for those of another.
    theirs=$target/latency
    build() {
        cargo build --package bootshift --features native --bin bootshift --target-dir "$1"
    }
    if [[ -n $commit ]]; then
        rm -rf "$theirs/checkout"
        git worktree prune
        git worktree add --detach "$theirs/checkout" "$commit"
        trap 'git worktree remove --force "$theirs/checkout"' EXIT
        (cd "$theirs/checkout" && build "$theirs")
    fi
    build "$target"
    cargo run --quiet --features native --example latency -- \
        ${commit:+"$commit=$theirs/debug/bootshift"} "this checkout=$target/debug/bootshift"

# Build the command and the npm package twice, in different surroundings, and compare all files
reproduce:
    xtask/reproduce.sh

# Run findings/*.sh, and list those whose behavior has changed
findings:
    #!/usr/bin/env bash
    changed=()
    for script in findings/*.sh; do
        echo "== $script"
        bash "$script" || changed+=("$script")
    done
    printf 'changed: %s\n' "${changed[@]:-none}"
    (( ${#changed[@]} == 0 ))

# Check that all files name the same version of Bootshift; before a release, also the tag, such as v0.1.0
versions tag="":
    BOOTSHIFT_TAG={{ quote(tag) }} cargo test --quiet --package xtask --test versions
