"""The Celery application. Celery wakes tasks up; what is owed stands in rows (see docs/operations.md)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otaki_dx.settings")
app = Celery("otaki_dx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
