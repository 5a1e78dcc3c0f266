FROM node:24-slim AS static
WORKDIR /src
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/build.txt
# No pip inside: the environment is filled from outside and copied whole.
RUN python -m venv --without-pip /opt/retroduce \
    && pip --python /opt/retroduce/bin/python install --only-binary :all: \
        --require-hashes -r requirements/runtime.txt
COPY . .
COPY --from=static /src/node_modules node_modules
RUN python hatch_build.py \
    && pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/retroduce/bin/python install --no-deps --no-index /wheels/*.whl

FROM python:3.13-slim
RUN pip uninstall --yes --quiet --root-user-action ignore pip \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin retroduce \
    && install --directory --owner retroduce --mode 0750 /data
COPY --from=build /opt/retroduce /opt/retroduce
ENV PATH=/opt/retroduce/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RETRODUCE_DATA_DIR=/data
USER retroduce
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["retroduce"]
CMD ["serve", "--host", "0.0.0.0"]
