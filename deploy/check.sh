#!/bin/sh
# Does what the image's build does, and starts what came of it: where no container can run, this is what can be known of one.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

"$here/assemble.sh" "$folder/app" >/dev/null
mkdir "$folder/data"
cd "$folder/app"
# The port is of this check alone: Docker would publish it.
export HOST=127.0.0.1 PORT="${CHECK_PORT:-5971}" DATA_DIR="$folder/data" OLLAMA_URL=off
node dist/cli/main.js serve >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 100); do
  if node health.mjs; then
    kill -TERM "$server"
    wait "$server"
    server=
    echo "ok     image: $(du -sm "$folder/app" | cut -f1) MiB, healthy, and stopped when it was told to"
    exit 0
  fi
  kill -0 "$server" 2>/dev/null || break
done
cat "$folder/log" >&2
echo "The server did not become healthy." >&2
exit 1
