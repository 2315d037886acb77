#!/bin/sh
# Asks for a call, makes it, and records it: once, whatever gets lost. Needs curl 7.71 or newer.
#
# SUANPAN_URL=http://127.0.0.1:8080 SUANPAN_API_KEY=sk_ac_... sh calls.sh call-1 liveness.basic.authority COMMAND...
set -eu

url=${SUANPAN_URL:-http://127.0.0.1:8080}
id=$1 meter=$2
shift 2
# It stands in an address and in JSON as it is.
case $id$meter in *[!A-Za-z0-9._-]* | '') echo 'letters, digits, dot, dash, underscore' >&2; exit 2 ;; esac

# Everything here has an id: curl sends it again until there is an answer, and it counts once. Prints the answer; fails where it is a
# refusal. The key comes by a file, for arguments are seen by everybody on the machine.
ask() {
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$SUANPAN_API_KEY" | curl --config - --silent --show-error \
    --max-time 60 --retry 5 --retry-all-errors --header 'Content-Type: application/json' \
    --write-out '\n%{http_code}' --data "$2" "$url$1")
  status=${answer##*
}
  answer=${answer%
*}
  # What curl was told before it tried again stands in front.
  printf '%s\n' "$answer" | tail -n 1
  [ "$status" -lt 300 ]
}

ask /v1/authorizations "{\"id\":\"$id\",\"meter\":\"$meter\"}"
if "$@"; then
  ask "/v1/authorizations/$id/capture" '{}'
else
  code=$?
  ask "/v1/authorizations/$id/release" '{}'
  exit "$code"
fi
