using Xunit.Sdk;
using Xunit.v3;

// Every test has a world of its own, so that those of one class run side by side too. xunit.runner.json starts four for each core: many wait for a process.
[assembly: Parallelization(Mode = ParallelMode.All)]
