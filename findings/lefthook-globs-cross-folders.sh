#!/usr/bin/env bash
# In lefthook, `payloads/**/*.yaml` does not match payloads/a.yaml, and `payloads/*.yaml` matches all subfolders.
#
# Packages:  lefthook 2.2.1, lint-staged 17.6.1 (npm)
# Date:      2026-11-27
# Expected:  a glob has the same meaning for two hook runners: `**/` also matches no folder, and `*` does not match a
#            slash.
# Actual:    for lefthook's matcher, a slash is an ordinary character: `*` matches it, and `**/` requires a slash, so at
#            least one folder. Letter case is ignored. `**/*.yaml` does not match files at the top. `glob_matcher:
#            doublestar` restores the usual meaning, except for letter case; then `*.yaml` matches only files at the
#            top. In lint-staged, a glob without a slash matches at any depth.
# Output:    the text of `expected` below.
# Impact:    a hook that checks payloads does not run for files directly in the folder of its glob. A commit that
#            changes only these passes, with the hook listed as skipped.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --prefix tools --silent --no-audit --no-fund --ignore-scripts lefthook@2.2.1 lint-staged@17.6.1
bin=$work/tools/node_modules/.bin

cat >expected <<'END'
payloads/**/*.yaml
  lefthook gobwas: payloads/eu/c.yaml payloads/eu/west/d.yaml
  lefthook doublestar: payloads/B.YAML payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml
  lint-staged: payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml
payloads/*.yaml
  lefthook gobwas: payloads/B.YAML payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml
  lefthook doublestar: payloads/B.YAML payloads/a.yaml
  lint-staged: payloads/a.yaml
**/*.yaml
  lefthook gobwas: payloads/B.YAML payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml
  lefthook doublestar: payloads/B.YAML payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml top.yaml
  lint-staged: payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml top.yaml
*.yaml
  lefthook gobwas: payloads/B.YAML payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml top.yaml
  lefthook doublestar: top.yaml
  lint-staged: payloads/a.yaml payloads/eu/c.yaml payloads/eu/west/d.yaml top.yaml
END

mkdir repository
cd repository
git init --quiet .
git config user.name Example
git config user.email example@example.com
mkdir -p payloads/eu/west
for file in top.yaml payloads/a.yaml payloads/B.YAML payloads/eu/c.yaml payloads/eu/west/d.yaml; do
  echo "type: Redshift" >"$file"
done
git add --all

cat >../list.sh <<'END'
for path in "$@"; do
  echo "FILE ${path#"$PWD"/}"
done
END

files() { sed -n 's/.*FILE //p' | LC_ALL=C sort | paste -sd' '; }

with_lefthook() {
  cat >lefthook.yml <<END
output: [execution_out]
glob_matcher: $2
pre-commit:
  commands:
    list: { glob: "$1", run: "sh ../list.sh {staged_files}" }
END
  echo "  lefthook $2: $("$bin/lefthook" run pre-commit --no-auto-install 2>/dev/null | files)"
  rm lefthook.yml
}

with_lint_staged() {
  printf '{ "%s": "sh ../list.sh" }' "$1" >.lintstagedrc.json
  echo "  lint-staged: $("$bin/lint-staged" --verbose 2>&1 | files)"
  rm .lintstagedrc.json
}

for glob in 'payloads/**/*.yaml' 'payloads/*.yaml' '**/*.yaml' '*.yaml'; do
  echo "$glob"
  with_lefthook "$glob" gobwas
  with_lefthook "$glob" doublestar
  with_lint_staged "$glob"
done >../seen
cd ..
diff expected seen
echo "as stated: the same glob, other files"
