#!/usr/bin/env bash
# In lefthook `payloads/**/*.yaml` leaves out payloads/a.yaml, and `payloads/*.yaml` takes every folder below.
#
# Packages:  lefthook 2.2.1, lint-staged 17.6.1 (npm)
# Date:      2026-11-27
# Guess:     one glob means the same to two runners of hooks: `**/` takes no folder too, `*` stops at a slash.
# Behaviour: lefthook's matcher knows no slash: `*` crosses it, and `**/` is text and a slash, so at least one folder.
#            Case counts for nothing. `**/*.yaml` leaves out the files at the top. `glob_matcher: doublestar` gives the
#            usual meaning back, except for case, and then `*.yaml` is the top alone. In lint-staged a glob without a
#            slash matches at any depth.
# Seen:      the text of `expected` below.
# Why here:  a hook that checks payloads is not run for those that lie right in the folder that its glob names: a
#            commit that changes these alone passes, with the hook among the skipped ones.
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
