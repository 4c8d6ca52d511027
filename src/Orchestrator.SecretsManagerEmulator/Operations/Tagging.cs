using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Adds tags, or gives new values to tags that are there.</summary>
internal static class TagResource
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var tags = Parameters.Tags(input) ?? throw input.Missing("Tags");
        var secret = call.Change(id);
        secret.Tags.Put(tags);
        secret.LastChangedDate = call.Now;
        return new Output();
    }
}

/// <summary>Removes tags by their keys; a key that is not there is no error.</summary>
internal static class UntagResource
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var keys = input.Strings("TagKeys", 0, int.MaxValue, 1, 128) ?? throw input.Missing("TagKeys");
        var secret = call.Change(id);
        secret.Tags.Remove(keys);
        secret.LastChangedDate = call.Now;
        return new Output();
    }
}
