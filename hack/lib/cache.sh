# Built things outside the tree, each under a name that holds a hash of what it is made from:
# a change of the recipe is a new entry, and a half-made entry never has the final name.
# shellcheck shell=bash

GRPO_CACHE=${GRPO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/grpo-operator}
export GRPO_CACHE

# usage: hash_of FILE… : 16 hex digits that stand for the files' contents and the machine's type.
hash_of() { { uname -m; cat -- "$@"; } | sha256sum | cut -c1-16; }

# Makes a folder in the cache once, whoever asks first, and prints its path.
# The recipe is called with an empty folder to fill; others wait for it at the lock.
# usage: cached NAME HASH RECIPE [ARG…]
cached() {
  local name=$1 entry=$GRPO_CACHE/$1-$2 recipe=$3
  shift 3
  if [[ ! -d $entry ]]; then
    mkdir -p "$GRPO_CACHE"
    # A subshell: the lock goes with it, also when the recipe fails or is interrupted.
    (
      flock 9
      [[ -d $entry ]] && exit
      rm -rf "$entry.tmp"
      mkdir "$entry.tmp"
      # Said out loud: "set -e" is off where a caller tests the result.
      "$recipe" "$entry.tmp" "$@" 9>&- >&2 || exit 1
      mv "$entry.tmp" "$entry"
      remove_old_entries "$name" "$entry"
    ) 9>"$GRPO_CACHE/.$name.lock" || return
  fi
  printf '%s\n' "$entry"
}

# Entries of older recipes are of no use any more, but to a cluster that still runs them. usage: remove_old_entries NAME ENTRY
remove_old_entries() {
  local old
  for old in "$GRPO_CACHE/$1"-????????????????; do
    [[ $old == "$2" ]] || grep -qsF "$old" "${GRPO_RUN:?}"/*/cluster.env || rm -rf "$old"
  done
}
