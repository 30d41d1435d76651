# The shared libraries that a program in an otherwise empty image needs.
# shellcheck shell=bash

# Puts a program's shared libraries into the image at the paths that it finds them at. usage: add_libraries ROOT FILE…
add_libraries() {
  local root=$1 library
  shift
  # "name => path (address)" for libraries, "path (address)" for the loader itself.
  ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*[^:]$/ { print $1 }' | sort -u | while read -r library; do
    install -D -m 755 "$library" "$root$library" || return
  done
}
