#!/bin/bash
# doc/examples/make does what it says, with GNU make.
source tests/integration/support.sh
need make
copy_example make
result=out/pack
share=$repository/tools/share
build() { make FINDER_SHARE="$share"; }
check_history
