#!/bin/bash
# Imports those of the cluster's images that this node does not have yet; runs inside the node's namespaces.
# usage: import-images.sh STATE NODE
set -uo pipefail
# shellcheck source=/dev/null
. "$1/cluster.env"
# shellcheck source=/dev/null
. "$GRPO_LIB/inside.sh"
done=$GRPO_STATE/nodes/$2/imported
mkdir -p "$done"
for archive in "$GRPO_STATE"/images/*.tar; do
  # The archive may be gone since: other nodes have the image, and so had this one if it ran then.
  [[ -e $archive ]] || continue
  # The same name with other bytes is another image; and a link made anew asks for its image's name back from a later one.
  mark=$done/$({ stat -L -c '%n %s %Y %i' "$archive" && stat -c %y "$archive"; } | sha256sum | cut -c1-16)
  [[ ! -e $mark ]] || continue
  ctr --namespace k8s.io images import "$(realpath "$archive")" || exit
  : >"$mark"
done
