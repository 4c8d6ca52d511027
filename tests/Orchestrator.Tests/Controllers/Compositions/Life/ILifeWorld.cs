using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>The environment of a Composition: a store, the controllers running on it in this process, and a Secrets Manager.</summary>
internal interface ILifeWorld : IAsyncDisposable
{
    /// <summary>The store as a user reaches it.</summary>
    IResourceStore Store { get; }

    /// <summary>The store as the controllers reach it.</summary>
    HookedStore Hooked { get; }

    /// <summary>A Namespace of this world's own.</summary>
    string Namespace { get; }

    SecretsManagerServer SecretsManager { get; }

    /// <summary>The maximum number of checks until a state is reached, and the number of checks without a change that counts as steady.</summary>
    (int Most, int Still) Looks { get; }

    /// <summary>Stops the controllers, whatever they are doing.</summary>
    void Kill();

    /// <summary>Replaces them with new controllers, without any state.</summary>
    Task Restart();

    /// <summary>Lets some time pass before the next check.</summary>
    Task Pass(int looks);
}
