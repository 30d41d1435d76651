# Writes an image without Docker, in the format of "docker save"; the same folder gives the same bytes.
# shellcheck shell=bash

# Packs a folder as an image of one layer. CONFIG is the part of an image's configuration that a container gets:
# {"Entrypoint":[…],"Cmd":[…],"Env":[…],"User":…}. usage: pack_image ROOT ARCHIVE NAME CONFIG
pack_image() {
  local root=$1 archive=$2 name=$3 container=$4 work=$2.work layer
  local tar=(tar --sort=name --format=gnu --mtime=@0 --owner=0 --group=0 --numeric-owner)
  rm -rf "$work" && mkdir -p "$work" && "${tar[@]}" -C "$root" -cf "$work/layer.tar" . || return
  layer=$(sha256sum <"$work/layer.tar")
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,' \
    "$(image_architecture)" "$container" >"$work/config.json"
  printf '"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' \
    "${layer%% *}" >>"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "${name#docker.io/}" >"$work/manifest.json"
  # A half-written archive never has the final name.
  "${tar[@]}" -C "$work" -cf "$archive.tmp" manifest.json config.json layer.tar && mv "$archive.tmp" "$archive" && rm -rf "$work"
}

image_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# Puts a program's shared libraries into the image at the paths that it finds them at. usage: add_libraries ROOT FILE…
add_libraries() {
  local root=$1 library
  shift
  # "name => path (address)" for libraries, "path (address)" for the loader itself.
  ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*[^:]$/ { print $1 }' | sort -u | while read -r library; do
    install -D -m 755 "$library" "$root$library" || return
  done
}
