#!/bin/bash
# PID 1 of every container of a job: keeps its own copy of the launcher, so that a replaced ConfigMap changes nothing
# under a running pod, and hands over to it. CANN's files use unset variables: no `set -u` here.
from="${GRPO_ROOT:-}/etc/grpo" own="${GRPO_ROOT:-}/run/grpo/launcher"
if [ ! -e "$own" ]; then
  mkdir -p "$own.tmp" && cp -L "$from"/* "$own.tmp/" && chmod -R u+w "$own.tmp" || exit 110
  if [ -e "$own.tmp/launcher.pyz.gz" ]; then gzip -df "$own.tmp/launcher.pyz.gz" || exit 110; fi
  mv -T "$own.tmp" "$own" || exit 110
fi
shopt -s nullglob
cann=(/usr/local/Ascend/ascend-toolkit/set_env.sh /usr/local/Ascend/cann*/set_env.sh)
for file in "${cann[0]:-}" /usr/local/Ascend/nnal/atb/set_env.sh; do
  if [ -r "$file" ]; then . "$file" >&2; fi
done
for files in 1048576 524288 131072 65536 32768; do
  if ulimit -Sn "$files" 2>/dev/null; then break; fi
done
exec python3 -IS "$own/launcher.pyz" "$@"
