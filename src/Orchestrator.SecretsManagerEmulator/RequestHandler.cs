using System.Globalization;
using System.Security.Cryptography;
using DeploymentOrchestrator.SecretsManagerEmulator.Http;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Sts;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>Handles an HTTP request: the caller, the operation, the next fault, the log.</summary>
internal sealed class RequestHandler(
    SecretStore store, StsService sts, Faults faults, EmulatorLog log, TimeProvider time, CancellationToken stopping)
{
    private const string OtherHost = "The embedded Secrets Manager answers on loopback alone: the Host header must be 127.0.0.1, [::1] or localhost.";
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(49);

    public async Task HandleAsync(HttpContext http)
    {
        var arrived = time.GetUtcNow();
        var scope = CredentialScope.From(http.Request.Headers.Authorization);
        var caller = sts.CallerOf(scope.AccessKeyId, scope.Region);
        // Before anything else: such a request is not from an AWS client, and consumes no fault.
        if (!LoopbackHost.Is(http.Request.Host))
        {
            var refused = Json11.Error(new ApiException("AccessDeniedException", OtherHost, StatusCodes.Status403Forbidden));
            log.Add("", secretId: null, refused.ErrorCode, caller.Account, caller.Region, arrived);
            await SendAsync(http, refused);
            return;
        }

        var request = await UnderstandAsync(http, caller);
        var fault = faults.Take(request.Operation);

        // Not cancelled by a caller who hangs up: a slow service completes the call anyway.
        if (fault is Fault.Delay slow && !await WaitAsync(slow.Duration))
        {
            http.Abort();
            return;
        }
        var reply = fault is Fault.Cut { Committed: false } ? null : Answer(request, fault, caller);
        var cut = fault is Fault.Cut { Committed: true } ? "CutAfter" : reply is null ? "CutBefore" : null;
        log.Add(request.Operation, request.SecretId, cut ?? reply?.ErrorCode, caller.Account, caller.Region, arrived);

        if (cut is not null)
            http.Abort();
        else
            await SendAsync(http, reply!);
    }

    /// <summary>False if the server was stopped meanwhile.</summary>
    private async Task<bool> WaitAsync(TimeSpan duration)
    {
        try
        {
            // The system's timers have a maximum delay.
            for (; duration > LongestDelay; duration -= LongestDelay)
                await Task.Delay(LongestDelay, time, stopping);
            await Task.Delay(duration, time, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<IRequest> UnderstandAsync(HttpContext http, Caller caller)
    {
        var request = http.Request;
        byte[] body;
        try
        {
            using var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer, http.RequestAborted);
            body = buffer.ToArray();
        }
        catch (BadHttpRequestException)
        {
            return new UnreadableRequest();
        }
        string? target = request.Headers["X-Amz-Target"];
        return target is null && request.HasFormContentType
            ? new StsRequest(sts, caller, body)
            : new SecretsManagerRequest(store, caller, HttpMethods.IsPost(request.Method) ? target : null, body);
    }

    private static Reply Answer(IRequest request, Fault fault, Caller caller)
    {
        try
        {
            return fault switch
            {
                Fault.Answer answer => throw new ApiException(answer.Code, answer.Message, answer.Status),
                Fault.Denial => throw ApiException.Denied(
                    caller.PrincipalArn, request.Action, request.SecretId ?? "*", $"because no identity-based policy allows the {request.Action} action"),
                _ => request.Carry(),
            };
        }
        catch (ApiException refusal)
        {
            return request.Refuse(refusal);
        }
    }

    private async Task SendAsync(HttpContext http, Reply reply)
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.Body.Length;
        response.Headers["x-amzn-RequestId"] = new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        response.Headers.Date = time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    /// <summary>A body that is too long or breaks off.</summary>
    private sealed class UnreadableRequest : IRequest
    {
        public string Operation => "";

        public string Action => "";

        public string? SecretId => null;

        public Reply Carry() => throw ApiException.Serialization("The request's body cannot be read.");

        public Reply Refuse(ApiException refusal) => Json11.Error(refusal);
    }
}
