# syntax=docker/dockerfile:1
# One file, two images:
#   docker build --target web    -t talerstolen-web .       slim: pages, API, search; no CTranslate2, no CUDA
#   docker build --target worker -t talerstolen-worker .    the overnight run, on CUDA's cuDNN runtime

FROM node:24-bookworm-slim AS design
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
COPY package.json ./
COPY scripts/fetch_design.py scripts/design_subset.py scripts/
RUN python3 scripts/fetch_design.py

FROM python:3.12-slim-bookworm AS wheel
WORKDIR /src
RUN pip install --no-cache-dir build hatchling
COPY . .
COPY --from=design /src/web/static/vendor web/static/vendor
RUN python -m build --wheel --no-isolation --outdir /wheels

FROM python:3.12-slim-bookworm AS web
# Letters for the captions that are drawn into clips.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 talerstol && install -d -o talerstol /data
COPY --from=wheel /wheels /wheels
COPY constraints.txt /wheels/
RUN pip install --no-cache-dir -c /wheels/constraints.txt "$(ls /wheels/*.whl)[postgres,export]" && rm -r /wheels
ENV TALERSTOL_HOME=/data PYTHONUNBUFFERED=1
USER talerstol
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/sundhed', timeout=4)"]
CMD ["talerstol", "serve", "--host", "0.0.0.0", "--port", "8000"]

FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS worker
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv ffmpeg \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 talerstol && install -d -o talerstol /data \
 && python3 -m venv /opt/talerstolen
ENV PATH=/opt/talerstolen/bin:$PATH TALERSTOL_HOME=/data PYTHONUNBUFFERED=1
COPY --from=wheel /wheels /wheels
COPY constraints.txt /wheels/
RUN pip install --no-cache-dir -c /wheels/constraints.txt "$(ls /wheels/*.whl)[transcribe,postgres,export]" && rm -r /wheels
USER talerstol
VOLUME /data
HEALTHCHECK --interval=5m --timeout=1m CMD ["talerstol", "status", "--json"]
CMD ["talerstol", "run"]
