#!/usr/bin/env bash
# Runs one half of a repair with the action's inputs as the command's arguments.
set -euo pipefail

case $INPUT_COMMAND in
  run)
    words=(run --output "$INPUT_BUNDLE")
    [[ -z $INPUT_REPO ]] || words+=(--repo "$INPUT_REPO")
    [[ -z $INPUT_PYTHON ]] || words+=(--python "$INPUT_PYTHON")
    ;;
  publish)
    words=(publish "$INPUT_BUNDLE" --digest "$INPUT_DIGEST")
    ;;
  *)
    echo "::error title=ci-repair::the input 'command' is 'run' or 'publish'"
    exit 2
    ;;
esac
while IFS= read -r word; do
  [[ -z $word ]] || words+=("$word")
done <<<"$INPUT_ARGS"
exec ci-repair "${words[@]}"
