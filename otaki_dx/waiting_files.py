"""Who reads which kind of large file that waits for the worker."""

from initiatives.actions import ministry

READERS = {ministry.PROFILE: ministry.read_file}
