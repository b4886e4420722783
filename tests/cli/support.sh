# Functions that the cases of tests/cli may call; read by bash through BASH_ENV.
# shellcheck shell=bash

# A small tree of sources, in the working directory.
make_tree() {
  mkdir -p src/lib src/.git out/gen docs
  touch README.md src/main.c src/main.h src/lib/list.c src/lib/list.h \
    src/.git/config out/gen/list.c docs/Guide.MD
  ln -s main.c src/link.c
  ln -s lib src/linked_lib
}

# Runs a command as a user to whom permissions apply.
as_nobody() {
  if ((EUID == 0)); then
    chmod 777 "$TMP/tree" "$TMP/home"
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
  else
    "$@"
  fi
}

# Ends the case as skipped unless it runs as root.
need_root() {
  ((EUID == 0)) || exit 77
}

# Ends the case as skipped unless it may have mounts that nobody else sees. Root
# of a container may not, nor may it where / is no mount point.
need_mounts() {
  need_root
  unshare -m true 2>/dev/null || exit 77
}

# Ends the case as skipped if a limit of file sizes kills finder before it has
# begun, as it does where ThreadSanitizer is linked into it.
need_file_size_limits() {
  local status=0
  (ulimit -f 1; finder --version >/dev/null) 2>/dev/null || status=$?
  ((status == 0)) || exit 77
}

# database_of [DIR]: the path of the only database below DIR.
database_of() {
  find "${1:-$HOME/.cache/finder}" -path '*/objects/*/data/database'
}

# stat_value KEY JSON: a value of --stats=json.
stat_value() {
  sed -n "s/.*\"$1\":\\(\"[^\"]*\"\\|[a-z0-9]*\\).*/\\1/p" <<<"$2"
}
