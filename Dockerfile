# The operator as an image: `docker build --tag dorch:dev .`; for a release, add `--build-arg VERSION=<its number>`. Both base images can be replaced, by a mirror of one's own or by a digest.
# The runtime's C library must be as new as the SDK's: keep both on one distribution.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
# Native AOT links with clang, against zlib.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# The tags of git are not in here: a release says its number, and any other build calls itself 0.0.0-source.
ARG VERSION=
# The lock files name every package with its hash: one that differs ends the build.
RUN MinVerVersionOverride=${VERSION#v} dotnet publish src/Orchestrator.Cli --configuration Release --property:RestoreLockedMode=true --output /dorch

# No shell, no package manager: the C library, OpenSSL and the CA certificates.
FROM ${RUNTIME_IMAGE}
COPY --from=build /dorch/dorch /usr/local/bin/dorch
# A number, so that Kubernetes can tell that it is not root. The same as in deploy/base.
USER 1654
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/dorch"]
