#!/usr/bin/env python
"""Command line of the registry."""

import sys

from registry.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
