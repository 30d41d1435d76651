# Each target is one line that calls a script; "make" alone lists them.
.DEFAULT_GOAL := help
.PHONY: help build test test-full bench mutation replay demo cluster-up cluster-down image standin-image format lint chart-crds clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## compile everything
	dotnet build Operator.sln -m:2

test: ## every test of the first tier, on a real cluster (about 10 minutes when things are cached, 25 the first time)
	@hack/test

test-full: ## what "test" runs, and what takes longer
	@hack/test --full

bench: ## how fast failures are answered, and what a restart costs, on a real cluster
	@hack/test build bench

mutation: ## whether the tests of decisions notice changed decisions; which survive is in artifacts/test/mutation.log
	@hack/test mutation

replay: ## one simulated history and its timeline: make replay SEED=7
	SIM_SEED=$(SEED) dotnet test --project tests/Simulation --filter-method '*Every_history_keeps_every_promise' --output Detailed --show-live-output on

demo: ## one GrpoTrainingJob from apply to Succeeded on a real cluster (KEEP=1 keeps the cluster)
	@hack/demo

cluster-up: ## a Kubernetes cluster with two nodes and fake NPUs
	@hack/cluster up

cluster-down: ## remove it, and all that it left behind
	@hack/cluster down

image: ## the operator's container image, without Docker; prints its path
	@hack/image/operator

standin-image: ## the image that stands in for verl on machines without NPUs; prints its path
	@hack/image/standin

format: ## format the code
	dotnet format Operator.sln

lint: ## formatting and shell scripts
	@hack/test format scripts

chart-crds: ## renew the chart's copies of the CustomResourceDefinition
	UPDATE_GOLDEN=1 dotnet test --project tests/Chart.Tests --filter-class '*CrdTests'

clean: ## remove what was built here (the cache outside the tree stays)
	rm -rf artifacts
