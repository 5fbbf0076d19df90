"""A Celery worker whose clock stands on a working morning (`python -m tests.faults.travelling_worker`)."""

import os

import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otaki_dx.settings")

if __name__ == "__main__":
    time_machine.travel("2026-11-24T09:00:00+09:00", tick=True).start()
    from otaki_dx.celery import app

    app.worker_main(["worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])
