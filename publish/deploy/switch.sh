#!/bin/sh
# Switches the site to what lies in the releases folder now, without a dropped request:
#   switch.sh <new port> <upstream file> [reload command]
# The new process must already be starting on the port. Its landing page is asked for until it answers; then nginx is pointed
# at it and reloaded, which lets requests under way finish on the old one. Stop the old process afterwards: it finishes what it has.
set -eu
port=$1
upstream=$2
reload=${3:-nginx -s reload}
tries=0
until curl -fsS -o /dev/null "http://127.0.0.1:$port/"; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "nothing answers on port $port" >&2; exit 1; }
  sleep 1
done
printf 'upstream panelpress { server 127.0.0.1:%s; }\n' "$port" > "$upstream.new"
mv "$upstream.new" "$upstream"
$reload
