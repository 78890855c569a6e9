# The portal: one image for web, workers, beat and tick (docker-compose.yml says which command each runs).

# --- The front end: Sass and scripts into static/build ---
FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY scripts/frontend.mjs scripts/
COPY static/src static/src
COPY static/js static/js
RUN npm run build

# --- The packages, from the lock with its hashes ---
FROM python:3.12-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

# --- What runs ---
FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal
ENV PATH="/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MODE=production \
    VAR_DIR=/var/lib/portal \
    STATIC_DIR=/app/static/collected
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front-end /build/static/build static/build
# Static files need no secrets: gathered as the demo would, with the folder for everything else thrown away.
RUN MODE=demo VAR_DIR=/tmp/gather python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/gather
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=3 CMD ["python", "scripts/healthcheck.py"]
CMD ["gunicorn", "apframework.wsgi"]
