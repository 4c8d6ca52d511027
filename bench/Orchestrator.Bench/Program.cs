using DeploymentOrchestrator.Bench;

// One scenario for each run, so that none is affected by another's memory. The tables are for docs/explanation/performance.md.
return args switch
{
    ["secret-push-under-quotas"] => await SecretPushUnderQuotas.Run(components: 1_000, fields: 2),
    ["secret-push-under-quotas", var count] when int.TryParse(count, out var components) && components > 0 =>
        await SecretPushUnderQuotas.Run(components, fields: 2),
    ["composition-cost"] => await CompositionCost.Run(),
    ["release-cost"] => ReleaseCost.Run(),
    ["operator", var kubeconfig, var count, .. { Length: > 0 } dorch] when int.TryParse(count, out var components) && components > 0 =>
        await OperatorOnKubernetes.Run(kubeconfig, dorch, components),
    ["tenants", var kubeconfig, .. { Length: > 0 } dorch] => await HeavyTenants.Run(kubeconfig, dorch),
    [SecretsManagerChild.Argument] => await SecretsManagerChild.Serve(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench: name a scenario: secret-push-under-quotas [COMPONENTS], composition-cost, release-cost, "
        + "operator KUBECONFIG COMPONENTS DORCH…, or tenants KUBECONFIG DORCH…");
    return 2;
}
