# Hasten in a container. The role is the argument: `serve` (the default), `doctor`, or any other command of `hasten`.
#
#   docker build -t hasten .
#   docker run --init -p 8077:8077 -v hasten:/data --env-file hasten.env hasten serve
#
# The bubblewrap tier needs user namespaces, which Docker's default seccomp profile forbids: add
# `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`. The docker tier needs the engine's socket instead,
# which is as good as root on the host. `hasten doctor` says which tiers work.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
RUN python3 -m venv /opt/hasten
WORKDIR /app
COPY requirements.lock ./
RUN /opt/hasten/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY handlers handlers
COPY sandbox sandbox
COPY evaluation evaluation
COPY bot bot
# Editable: the program runs from /app as it does from a checkout.
RUN /opt/hasten/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps -e . \
 && /opt/hasten/bin/python -m compileall -q handlers sandbox evaluation bot

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends git ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /home/hasten hasten \
 && install -d -o hasten -g hasten -m 0700 /data
COPY --from=build /opt/hasten /opt/hasten
COPY --from=build /app /app
ENV PATH=/opt/hasten/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HASTEN_DATA=/data \
    HASTEN_HOST=0.0.0.0 \
    HASTEN_PORT=8077
USER hasten
WORKDIR /home/hasten
VOLUME /data
EXPOSE 8077
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"HASTEN_PORT\"]}/livez', timeout=4)"]
ENTRYPOINT ["hasten"]
CMD ["serve"]
