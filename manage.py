#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from otaki_dx import launch


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otaki_dx.settings")
    try:
        if sys.argv[1:2] == ["portal"]:
            # Its options say which data folder to use, and the settings are read from that folder.
            launch.settle(sys.argv[2:])
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the settings are named

        execute_from_command_line(sys.argv)
    except (launch.Refused, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
