using Xunit.Sdk;
using Xunit.v3;

// Every test has its own world, so tests of one class run in parallel, too. xunit.runner.json starts four for each core: many wait for a process.
[assembly: Parallelization(Mode = ParallelMode.All)]
