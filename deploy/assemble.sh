#!/bin/sh
# Puts what a server needs to run, and nothing else, into an empty folder: the steps of the container image, and of any other package.
# Usage: deploy/assemble.sh FOLDER
set -eu
source=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
[ $# -eq 1 ] || { echo "Usage: $0 FOLDER" >&2; exit 2; }
if [ -e "$1" ] && [ -n "$(ls -A -- "$1")" ]; then
  echo "$1 is not empty." >&2
  exit 1
fi
mkdir -p -- "$1"
target=$(CDPATH= cd -- "$1" && pwd)

cd "$target"
for part in package.json package-lock.json .npmrc LICENSE src scripts; do cp -R "$source/$part" .; done
npm ci --omit=dev --no-audit --no-fund
npm run build
cp "$source/deploy/health.mjs" .
# What only builds has no place where nothing is built.
rm -rf src scripts node_modules/rolldown node_modules/@rolldown node_modules/.bin node_modules/.cache
