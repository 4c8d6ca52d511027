using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>A store, the controllers at work on it in this process, and a Secrets Manager: where a Composition lives.</summary>
internal interface ILifeWorld : IAsyncDisposable
{
    /// <summary>The store as a user reaches it.</summary>
    IResourceStore Store { get; }

    /// <summary>The store as the controllers reach it.</summary>
    HookedStore Hooked { get; }

    /// <summary>A Namespace of this world's own.</summary>
    string Namespace { get; }

    SecretsManagerServer SecretsManager { get; }

    /// <summary>How many looks it takes at most until something is so, and how many that change nothing mean that nothing more will.</summary>
    (int Most, int Still) Looks { get; }

    /// <summary>The controllers do nothing any more, whatever they are at.</summary>
    void Kill();

    /// <summary>Other controllers without any memory take their place.</summary>
    Task Restart();

    /// <summary>Lets some time go by before the next look.</summary>
    Task Pass(int looks);
}
