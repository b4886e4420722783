#!/bin/bash
# Runs every block of a page, as doc/cookbook.md, and compares what it prints with
# the page. $1 is the finder, $2 the page, $3 the least number of blocks. A comment before a block, "<!-- A; B -->", says
# how to run it:
#
#   needs TOOL...  skipped, and said so, where one is missing
#   NAME=VALUE     in its environment
#   terminal       with a terminal for its input
#   try COMMAND    for vim: the command whose file is then printed
#   not run: WHY   skipped, and said so; only its syntax is checked
#
# Of a workflow of GitHub Actions the `run` lines are run, one after the other.
source tests/integration/support.sh
page=$repository/$2
blocks=$work/blocks
export LC_ALL=C GIT_CONFIG_GLOBAL=$work/home/gitconfig
git config --global user.name Cook 2>/dev/null &&
  git config --global user.email cook@example.org

# Cuts the page into 01.sh, 01.out, 01.comment, 01.section and so on.
mkdir "$blocks"
awk -v to="$blocks" '
  function name(kind) { return sprintf("%s/%02d.%s", to, n, kind) }
  inside && /^```$/ { close(file); inside = 0; next }
  inside { print >file; next }
  /^## / { section = substr($0, 4) }
  /^<!-- .* -->$/ { comment = substr($0, 6, length($0) - 9) }
  /^```text$/ { file = name("out"); inside = 1; next }
  /^```/ {
    ++n; inside = 1; file = name(substr($0, 4))
    printf "" >file
    printf "%s", section >name("section"); printf "%s", comment >name("comment")
    close(name("section")); close(name("comment")); comment = ""
  }
  END { exit inside }' "$page" || fail "a block of the page has no end"

# try_vim FILE COMMAND: prints which file is edited after the command.
try_vim() {
  vim -N -es -u "$1" -i NONE -n -c "$2" \
    -c 'call writefile([expand("%:.")], "/dev/stdout")' -c 'qa!'
}

# workflow_script FILE: what the steps of all jobs run.
workflow_script() {
  /usr/bin/python3 - "$1" <<'END'
import sys
import yaml

with open(sys.argv[1]) as file:
    workflow = yaml.safe_load(file)
for job in workflow["jobs"].values():
    for step in job["steps"]:
        print(step["run"] if "run" in step else "# " + step["uses"])
END
}

# run BLOCK COMMENT: runs it as the comment says; 77 if a tool is missing.
run() {
  local block=$1 word tool try='' terminal=false environment=()
  while read -r -d ';' word; do
    case $word in
      needs\ *)
        for tool in ${word#needs }; do
          command -v "$tool" >/dev/null || return 77
        done
        ;;
      try\ *) try=${word#try } ;;
      terminal) terminal=true ;;
      not\ run:*)
        bash -n "$block" || return
        return 77
        ;;
      *=*) environment+=("$word") ;;
      ?*) fail "what does '$word' mean?" ;;
    esac
  done <<<"$2;"
  if [[ $block == *.yaml ]]; then
    /usr/bin/python3 -c 'import yaml' 2>/dev/null || return 77
    workflow_script "$block" >"$block.run" || return
    env "${environment[@]}" bash -e -o pipefail "$block.run"
  elif [[ -n $try ]]; then
    try_vim "$block" "$try"
  elif $terminal; then
    env "${environment[@]}" script -qec "bash -e '$block'" /dev/null | tr -d '\r'
  else
    env "${environment[@]}" bash -e -o pipefail "$block"
  fi
}

failures=0 skipped=0 count=0 section=none
for comment in "$blocks"/*.comment; do
  number=${comment%.comment}
  block=$number.sh
  [[ -e $block ]] || block=$number.vim
  [[ -e $block ]] || block=$number.yaml
  [[ -e $block ]] || fail "a block is neither of sh, of vim, of yaml nor text"
  if [[ $(<"$number.section") != "$section" ]]; then
    section=$(<"$number.section")
    mkdir "$work/$count" && cd "$work/$count"
    [[ $count == 0 ]] || bash -e "$blocks/01.sh"
  fi
  count=$((count + 1))
  [[ -e $number.out ]] || : >"$number.out"
  status=0
  run "$block" "$(<"$comment")" >"$number.got" 2>"$number.err" </dev/null ||
    status=$?
  if ((status == 77)); then
    skipped=$((skipped + 1))
    echo "skipped: $section, $(<"$comment")"
  elif ((status != 0)) || ! cmp -s "$number.out" "$number.got"; then
    failures=$((failures + 1))
    echo "FAILED with $status, in '$section':"
    cat "$block" "$number.err"
    diff --label page --label printed -au "$number.out" "$number.got" || true
  fi
done
echo "$count blocks, $skipped skipped, $failures failed"
((count >= $3 && failures == 0))
