"""The web server: 2 processes of 4 threads (`gunicorn -c python:otaki_dx.gunicorn_conf otaki_dx.wsgi`)."""

import gc
from pathlib import Path
from typing import Any

from otaki_dx import env

# Loopback only. A container sets 0.0.0.0 inside and publishes its port on the loopback of its host.
bind = f"{env.text('PORTAL_BIND', '127.0.0.1')}:{env.integer('PORTAL_PORT', 8000)}"
workers = 2
worker_class = "gthread"
threads = 4
timeout = 30  # above every wait for a database, so that a page can still say what happened
graceful_timeout = 10
# One import for both workers: they share its memory, and start at once.
preload_app = True
control_socket_disable = True
# Heartbeats of the workers; a busy disk must not look like a stuck worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file there


def when_ready(server: Any) -> None:
    """Read the site map before the workers are made; otherwise each of them does at its first page.

    They also share what is decided then: the mark of this start (freshness.py).
    """
    from django.urls import get_resolver  # noqa: PLC0415 - Django is set up by the application

    get_resolver().url_patterns  # noqa: B018 - reading it imports every view
    freeze_what_stays()


def freeze_what_stays() -> None:
    """What is imported by now is never garbage. A large page makes many small objects that go with it: looking for
    garbage among them took a quarter of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
