#!/bin/bash
# doc/examples/ninja does what it says, with the real ninja.
source tests/integration/support.sh
need ninja
copy_example ninja
result=out/pack
build() { ninja -d explain; }
check_history
