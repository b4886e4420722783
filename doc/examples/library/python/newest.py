#!/usr/bin/env python3
"""Prints the newest header below a directory: newest.py ROOT"""

import os
import sys

import finder

try:
    tree = finder.scan(sys.argv[1], exclude=["out"])
except finder.Error as error:
    sys.exit(f"newest: {error}")
print(max(tree.glob("*.h"), key=os.path.getmtime, default="none"))
