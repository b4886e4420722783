#!/bin/bash
# Stands in for finder in the tests of the benchmark: finds with find.
#   stub_finder.sh --db FILE [OPTION...] ROOT

case $1 in
  --help) echo "--db" && exit ;;
  --version) echo "finder stub" && exit ;;
esac

set -u
database=$2
root=${!#}
[[ -z ${STUB_FAILS:-} ]] || exit 2
[[ -e $database ]] || echo "a database" >"$database"
case " $* " in
  *" -g Android.bp "*) find "$root" -name Android.bp ;;
  *) find "$root" ! -type d ${STUB_OMITS:+! -name "$STUB_OMITS"} ;;
esac
