#!/usr/bin/env bash
# Run by action.yml: installs the npm command, checks the files, and outputs the report and the exit code. The next steps
# upload the report and then exit with the code. Compatible with bash 3.2, the version of macOS.
set -euo pipefail

if ! command -v npm >/dev/null; then
    echo "::error::npm not found: Bootshift requires Node.js 20 or later, run actions/setup-node first"
    exit 2
fi

folder="$RUNNER_TEMP/bootshift"
sarif=
mkdir -p "$folder"
# A version, or a path, which npm installs directly.
case "$INPUT_VERSION" in
*/*) package="$INPUT_VERSION" ;;
*) package="bootshift@$INPUT_VERSION" ;;
esac
# The output of npm and of the command may contain text from the author of the pull request. So workflow commands are
# disabled until an unguessable token.
token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
resume() {
    echo "::$token::"
}
trap resume EXIT
if [ "$INPUT_ANNOTATIONS" = true ]; then
    # The runner turns the following output into annotations.
    echo "::add-matcher::$GITHUB_ACTION_PATH/.github/bootshift-matcher.json"
fi
echo "::stop-commands::$token"

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
