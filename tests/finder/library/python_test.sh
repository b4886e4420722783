#!/bin/bash
# The Python package, installed from its wheel by pip without network, and used
# by the tests of python_test.py.
set -euo pipefail
library=$PWD/$1 source=$PWD/$2
export HOME=$TEST_TMPDIR PATH=/usr/local/bin:/usr/bin:/bin PIP_NO_INDEX=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
python=/usr/bin/python3
wheel=$("$python" "$source/make_wheel.py" "$library" "$TEST_TMPDIR/one")
again=$("$python" "$source/make_wheel.py" "$library" "$TEST_TMPDIR/two")
cmp "$wheel" "$again"
"$python" -m zipfile -l "$wheel" | grep -q 'dist-info/licenses/libre2-9' ||
  echo "skipped: no packages of Debian's, so none of their licences"
if "$python" -c 'import ensurepip' 2>/dev/null; then
  "$python" -m venv "$TEST_TMPDIR/venv"
  "$TEST_TMPDIR/venv/bin/pip" install --quiet "$wheel"
  python=$TEST_TMPDIR/venv/bin/python
else
  echo "skipped: no ensurepip, so no pip; the wheel is only unpacked"
  mkdir "$TEST_TMPDIR/unpacked"
  "$python" -m zipfile -e "$wheel" "$TEST_TMPDIR/unpacked"
  export PYTHONPATH=$TEST_TMPDIR/unpacked
fi
test=$PWD/tests/finder/library/python_test.py
cd "$TEST_TMPDIR"
"$python" "$test"
python=/usr/bin/python3
if "$python" -m mypy --version >/dev/null 2>&1; then
  "$python" -m mypy --strict --cache-dir="$TEST_TMPDIR/mypy" "$source/finder"
else
  echo "skipped: no mypy"
fi
