# One image for both worlds: on its own (compose.yaml) and as a Home Assistant app (config.yaml).

# What npm brings. Only the manifests are copied first, so that a changed source does not fetch packages again.
FROM node:24-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json tsconfig.json .npmrc ./
COPY server/package.json server/
COPY ui/package.json ui/
COPY test/package.json test/

# The web app.
FROM packages AS ui
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY server/ server/
COPY ui/ ui/
RUN npm run build --workspace=@glimpser/ui

# What the hub needs at run time, without anything that only builds or tests.
FROM packages AS runtime
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace=@glimpser/server --include-workspace-root

FROM debian:trixie-slim
ARG BUILD_VERSION=0.1.0
ARG BUILD_ARCH=amd64
LABEL io.hass.type="app" \
  io.hass.version="${BUILD_VERSION}" \
  io.hass.arch="${BUILD_ARCH}" \
  io.hass.name="Glimpser" \
  io.hass.description="Cameras and websites as Home Assistant entities, live streams and events" \
  org.opencontainers.image.title="Glimpser" \
  org.opencontainers.image.description="Cameras and websites as Home Assistant entities, live streams and events" \
  org.opencontainers.image.version="${BUILD_VERSION}" \
  org.opencontainers.image.source="https://github.com/glimpser/glimpser" \
  org.opencontainers.image.licenses="MIT"

# FFmpeg reads cameras, Chromium looks at websites, yt-dlp finds videos on video sites, the fonts are for pages in every script.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    ca-certificates \
    chromium-headless-shell \
    ffmpeg \
    fonts-dejavu-core \
    fonts-noto-cjk \
    fonts-noto-color-emoji \
    fonts-noto-core \
    libstdc++6 \
    tzdata \
    yt-dlp \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 1000 glimpser \
  && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin glimpser \
  && install -d -o glimpser -g glimpser /data \
  && fc-cache --system-only

# Node alone: no npm and no compiler come along.
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=runtime /app/node_modules/ node_modules/
COPY server/ server/
COPY --from=ui /app/ui/dist/ ui/dist/

ENV NODE_ENV=production \
  HOME=/tmp \
  GLIMPSER_DATA=/data
VOLUME /data
# The web app and API; RTSP. Home Assistant's ingress uses 8099, which is not for others.
EXPOSE 8082 8554
# The Supervisor waits for the first good answer, and may restart an app that stops answering.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "/app/server/setup/healthcheck.mjs"]
# Starts as root only to take over /data from the Supervisor, then becomes the user glimpser for good.
ENTRYPOINT ["node", "/app/server/setup/entrypoint.mjs"]
