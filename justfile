# Recipes that run one tool each; `just` lists them. The tasks that need more are in `cargo xtask`.

set shell := ["bash", "-euo", "pipefail", "-c"]

# The oldest Rust that the workspace promises to compile with
msrv := `sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml`

# The files that `mutants` changes: what decides, and what writes SQL
mutants_in := "src/{check,payload,schema,script,sql}/**"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Install the tools of `audit` in pinned versions
audit-tools:
    cargo install --locked cargo-deny@0.20.2 cargo-machete@0.9.2 cargo-semver-checks@0.51.0

# Install the tools of `coverage`, `mutants` and `fuzz` in pinned versions
test-tools:
    rustup component add llvm-tools
    rustup toolchain install nightly --profile minimal
    cargo install --locked cargo-llvm-cov@0.9.1 cargo-mutants@27.1.0 cargo-fuzz@0.13.2

# Run all checks below, and list those that failed
audit:
    #!/usr/bin/env bash
    failed=()
    for check in deny advisories unused msrv npm-audit public-api; do
        "{{ just_executable() }}" "$check" || failed+=("$check")
    done
    echo "failed checks: ${failed[*]:-none}"
    (( ${#failed[@]} == 0 ))

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
