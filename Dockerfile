# The operator as an image: `docker build --tag dorch:dev .`; for a release, add `--build-arg VERSION=<its number>`.
# Both base images stand by digest, so that every build is of the same. To update, write the digests that `docker buildx imagetools inspect` prints for the
# new tags. For a mirror of your own: `--build-arg SDK_IMAGE=…`. The runtime's C library must be as new as the SDK's: keep both on one distribution.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0.12-noble-chiseled@sha256:dc5cd0c7d0a39b825312b4f0986d99b9adf9b6a3af69bc23cd345c27d9ed916a

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
