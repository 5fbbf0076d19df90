# One image for web, worker, beat and preparation (docker-compose.yml). Nothing in it runs as root.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    PORTAL_PRODUCTION=1 \
    PORTAL_BIND=0.0.0.0 \
    PORTAL_PORT=8000 \
    PORTAL_DATA=/data \
    PORTAL_STATIC=/srv/static

RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /data

WORKDIR /app
COPY requirements/prod.txt requirements/prod.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/prod.txt

COPY . .
# The settings of production ask for secrets, which an image must not hold: only this step runs without them.
RUN PORTAL_PRODUCTION=0 PORTAL_DATA=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q . \
    && rm -rf /tmp/build

USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-m", "otaki_dx.healthcheck", "web"]
CMD ["gunicorn", "-c", "python:otaki_dx.gunicorn_conf", "otaki_dx.wsgi"]
