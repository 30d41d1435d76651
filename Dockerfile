# The operator's image for people with Docker; hack/image/operator makes the same without it.
#   docker build -t docker.io/grpo/grpo-operator:dev .
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json ./
COPY src src
RUN dotnet publish src/Operator/Operator.csproj -c Release --use-current-runtime -o /out \
      -p:PublishAot=true -p:ContinuousIntegrationBuild=true -p:RestoreLockedMode=false -p:RunAnalyzers=false \
    && rm -f /out/*.dbg

# libc, libssl and certificates; no shell, no package manager.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
COPY --from=build /out/grpo-operator /usr/local/bin/grpo-operator
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/grpo-operator"]
CMD ["run"]
