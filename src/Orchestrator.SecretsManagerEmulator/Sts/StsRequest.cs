using System.Text;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Sts;

/// <summary>A call of AWS STS: a form with the operation in <c>Action</c>, answered with XML.</summary>
internal sealed class StsRequest : IRequest
{
    private readonly StsService sts;
    private readonly Caller caller;
    private readonly IReadOnlyDictionary<string, string> form;

    public StsRequest(StsService sts, Caller caller, byte[] body)
    {
        this.sts = sts;
        this.caller = caller;
        form = Parse(Encoding.UTF8.GetString(body));
        Operation = form.GetValueOrDefault("Action", "");
    }

    public string Operation { get; }

    public string Action => $"sts:{Operation}";

    public string? SecretId => null;

    public Reply Carry() => StsXml.Success(Operation, sts.Invoke(Operation, caller, form));

    public Reply Refuse(ApiException refusal) => StsXml.Error(refusal);

    private static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> fields = [];
        foreach (var pair in new QueryStringEnumerable(text))
            fields[pair.DecodeName().ToString()] = pair.DecodeValue().ToString();
        return fields;
    }
}
