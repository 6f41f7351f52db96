#!/usr/bin/env bash
# What action.yml runs: installs the npm command, checks, and leaves the report and the exit code to the next steps,
# which upload the one before they end with the other. Works with the bash 3.2 of macOS.
set -euo pipefail

if ! command -v npm >/dev/null; then
    echo "::error::Bootshift needs Node.js 20 or later with npm; run actions/setup-node before"
    exit 2
fi

folder="$RUNNER_TEMP/bootshift"
sarif=
mkdir -p "$folder"
# A version, or something that npm installs as it stands: a path.
case "$INPUT_VERSION" in
*/*) package="$INPUT_VERSION" ;;
*) package="bootshift@$INPUT_VERSION" ;;
esac
# What npm and the command print has names and values of whoever made the pull request: until the word that nobody can
# guess, the log is not read for commands.
word="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
resume() {
    echo "::$word::"
}
trap resume EXIT
if [ "$INPUT_ANNOTATIONS" = true ]; then
    # The runner reads what stands on the lines that follow, and shows it where it is about.
    echo "::add-matcher::$GITHUB_ACTION_PATH/.github/bootshift-matcher.json"
fi
echo "::stop-commands::$word"

npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error -- "$package"
bootshift="$folder/node_modules/.bin/bootshift"

arguments=()
if [ -n "$INPUT_OPERATION" ]; then
    arguments+=("--operation=$INPUT_OPERATION")
fi
if [ "$INPUT_DENY_WARNINGS" = true ]; then
    arguments+=(--deny-warnings)
fi
arguments+=(--)
while IFS= read -r path; do
    if [ -n "$path" ]; then
        arguments+=("$path")
    fi
done <<<"$INPUT_PATHS"

exit_code=0
"$bootshift" check "${arguments[@]}" || exit_code=$?
trap - EXIT
resume
if [ "$INPUT_ANNOTATIONS" = true ]; then
    echo "::remove-matcher owner=bootshift::"
    echo "::remove-matcher owner=bootshift-note::"
fi
if [ "$INPUT_SARIF" = true ] || [ "$INPUT_UPLOAD_SARIF" = true ]; then
    sarif="$folder/bootshift.sarif"
    "$bootshift" check --format sarif --sarif-category "${INPUT_CATEGORY:-bootshift}" "${arguments[@]}" >"$sarif" 2>/dev/null || true
fi

{
    echo "sarif-file=$sarif"
    echo "exit-code=$exit_code"
} >>"$GITHUB_OUTPUT"
