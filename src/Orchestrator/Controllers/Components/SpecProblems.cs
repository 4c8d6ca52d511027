using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>The problems of a Component's own spec, whatever the state of the world. Pure.</summary>
internal static class SpecProblems
{
    /// <summary>The problems. A child's config was validated with its Composition; the handler itself validates the resolved values.</summary>
    public static IReadOnlyList<Problem> Of(Component component, Claim claim)
    {
        var handler = claim.Handler!;
        if (claim.HandlerChanged)
            return [new("spec.handler", $"cannot change in place: it was {handler.Name}; delete and recreate the Component")];
        return StandaloneScope.IsStandalone(component)
            ? [.. ComponentReader.ValidateSpec(component.Spec), .. handler.Validate(component.Spec.Config ?? []).Where(p => !p.IsWarning)]
            : [];
    }
}
