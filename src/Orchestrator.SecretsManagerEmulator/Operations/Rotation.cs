using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Refuses for the same reasons as AWS: there is no Lambda here, so no secret ever rotates.</summary>
internal static class RotateSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var lambda = input.String("RotationLambdaARN", 0, 2048);
        Call.Token(input, ApiException.InvalidParameter);
        var secret = call.Change(id);
        var labels = secret.Versions.Labels;
        if (labels.VersionWith(StagingLabels.Pending) is { } pending && pending != labels.VersionWith(StagingLabels.Current))
            throw ApiException.InvalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
        throw string.IsNullOrEmpty(lambda)
            ? Rotation.NoLambda()
            : new ApiException(
                "AccessDeniedException",
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the "
                + "principal secretsmanager.amazonaws.com.");
    }
}

/// <summary>No secret rotates here, so there is nothing to cancel.</summary>
internal static class CancelRotateSecret
{
    public static Output Invoke(Call call, Input input)
    {
        call.Change(Call.SecretId(input));
        throw Rotation.NoLambda();
    }
}

internal static class Rotation
{
    public static ApiException NoLambda() =>
        ApiException.InvalidRequest("No Lambda rotation function ARN is associated with this secret.");
}
