namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("up", "Required argument 'PATH' missing for command: 'up'.", "dorch up")]
    [InlineData("upp x", "there is no command \"upp\"; did you mean \"up\"?", "dorch")]
    [InlineData("bogus", "there is no command \"bogus\"", "dorch")]
    [InlineData("up x --bogus", "there is no option --bogus", "dorch up")]
    [InlineData("up x --onse", "there is no option --onse; did you mean \"--once\"?", "dorch up")]
    [InlineData("validate x -o json", "there is no option -o", "dorch validate")]
    [InlineData("up x --aws", "--aws needs --cluster-id: it names the owner of the secrets, so that two laptops never take each other's", "dorch up")]
    [InlineData("up x --cluster-id me", "--cluster-id needs --aws: the embedded Secrets Manager has one owner", "dorch up")]
    [InlineData("up x --timeout 5m", "--timeout needs --once: without it, up runs until Ctrl-C", "dorch up")]
    [InlineData("up x --once --timeout 5", "--timeout must be a duration such as 90s, 5m or 1h30m, not \"5\"", "dorch up")]
    [InlineData("up x -o xml", "--output must be table, json, yaml or component.name=value, not \"xml\"", "dorch up")]
    [InlineData("up x -o json -o yaml", "--output names several formats: name one of table, json and yaml", "dorch up")]
    [InlineData("up x --output endpoint=x", "--output endpoint=x: write component.name=value, such as database.endpoint=db.example.com", "dorch up")]
    [InlineData("plan x --output database.endpoint=", "--output database.endpoint=: has no value: write database.endpoint=VALUE", "dorch plan")]
    [InlineData("plan x --cluster --output database.endpoint=x",
        "--output component.name=value cannot be combined with --cluster: there the controllers fill in the fields", "dorch plan")]
    [InlineData("status -o xml", "--output must be table, json or yaml, not \"xml\"", "dorch status")]
    [InlineData("up x --secrets-manager-port 65536", "--secrets-manager-port must be a port, 0-65535, not \"65536\"", "dorch up")]
    [InlineData("up x --aws --cluster-id me --secrets-manager-port 1",
        "--secrets-manager-port cannot be combined with --aws: AWS has no port to choose", "dorch up")]
    [InlineData("up x --aws --cluster-id ada,laptop", "--cluster-id must have 1-128 letters, digits and _ . : / = + - @, not \"ada,laptop\"", "dorch up")]
    [InlineData("up x --quota-share 1", "--quota-share needs --aws: the embedded Secrets Manager has no quotas", "dorch up")]
    [InlineData("up x --aws --cluster-id me --quota-share 0", "--quota-share must be a number above 0 and up to 1, not \"0\"", "dorch up")]
    [InlineData("down x --aws --cluster-id me --quota-share 1.5", "--quota-share must be a number above 0 and up to 1, not \"1.5\"", "dorch down")]
    [InlineData("down x", "down needs --aws: what up created in the embedded Secrets Manager was gone when up ended", "dorch down")]
    [InlineData("down x --aws", "--aws needs --cluster-id: it names the owner of the secrets, so that two laptops never take each other's", "dorch down")]
    [InlineData("secrets-manager --port x", "--port must be a port, 0-65535, not \"x\"", "dorch secrets-manager")]
    [InlineData("secrets-manager --quotas AWS", "--quotas must be none or aws, not \"AWS\"", "dorch secrets-manager")]
    [InlineData("secrets-manager --force-delete-delay 5", "--force-delete-delay must be a duration such as 90s, 5m or 1h30m, not \"5\"",
        "dorch secrets-manager")]
    [InlineData("secrets-manager --read-after-create-lag x", "--read-after-create-lag must be a duration such as 90s, 5m or 1h30m, not \"x\"",
        "dorch secrets-manager")]
    [InlineData("secrets-manager --fault throttle", "--fault throttle: must be OPERATION=KIND[:COUNT], such as CreateSecret=throttle:3",
        "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecrets=throttle --fault x=y",
        "--fault CreateSecrets=throttle: there is no operation \"CreateSecrets\"; did you mean \"CreateSecret\"?\ndorch: --fault x=y: there is no "
        + "operation \"x\"", "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecret=explode",
        "--fault CreateSecret=explode: there is no fault \"explode\"; it must be throttle, error, denied, cut-before, cut-after, pass or slow:DURATION",
        "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecret=slow:3", "--fault CreateSecret=slow:3: slow needs a duration, such as slow:5s", "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecret=slow", "--fault CreateSecret=slow: slow needs a duration, such as slow:5s", "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecret=throttle:0", "--fault CreateSecret=throttle:0: COUNT must be 1-10000", "dorch secrets-manager")]
    [InlineData("secrets-manager --fault CreateSecret=slow:5s:3:3", "--fault CreateSecret=slow:5s:3:3: COUNT must be 1-10000", "dorch secrets-manager")]
    [InlineData("operator --default-service-account apps/deployer",
        "--default-service-account must be the name of a ServiceAccount, without a namespace, not \"apps/deployer\"", "dorch operator")]
    [InlineData("operator --manifest-scope all", "--manifest-scope must be namespace or cluster, not \"all\"", "dorch operator")]
    [InlineData("operator --default-service-account a --manifest-scope cluster",
        "--default-service-account cannot be combined with --manifest-scope: with a default ServiceAccount, no manifest uses the operator's own rights",
        "dorch operator")]
    [InlineData("operator --config-reader-namespaces shared,",
        "--config-reader-namespaces must be names of namespaces separated by commas, such as shared,platform, not \"\"", "dorch operator")]
    [InlineData("operator --config-reader-namespaces shared;B",
        "--config-reader-namespaces must be names of namespaces separated by commas, such as shared,platform, not \"shared;B\"", "dorch operator")]
    [InlineData("operator --unreadable-kinds Login.example.com,*",
        "--unreadable-kinds must be kinds separated by commas, such as Login.example.com,*.auth.example.com, not \"*\"", "dorch operator")]
    [InlineData("operator --unreadable-kinds Login.example.com --unreadable-kinds *",
        "--unreadable-kinds must be kinds separated by commas, such as Login.example.com,*.auth.example.com, not \"*\"", "dorch operator")]
    [InlineData("operator --config-reader-namespaces shared --config-reader-namespaces B",
        "--config-reader-namespaces must be names of namespaces separated by commas, such as shared,platform, not \"B\"", "dorch operator")]
    [InlineData("operator --namespac x", "there is no option --namespac; did you mean \"--namespace\"?", "dorch operator")]
    [InlineData("secrets-manager --prot 1 --quotas x", "there is no option --prot; did you mean \"--port\"?", "dorch secrets-manager")]
    [InlineData("crds --bogus", "there is no option --bogus", "dorch crds")]
    [InlineData("--bogus", "there is no option --bogus", "dorch")]
    [InlineData("operator --namespace apps/web", "--namespace must be the name of a namespace, not \"apps/web\"", "dorch operator")]
    [InlineData("operator --namespace ", "--namespace must be the name of a namespace, not \"\"", "dorch operator")]
    [InlineData("operator --lease-namespace A", "--lease-namespace must be the name of a namespace, not \"A\"", "dorch operator")]
    [InlineData("status -n My_Apps", "--namespace must be the name of a namespace, not \"My_Apps\"", "dorch status")]
    [InlineData("status --kubeconfig ", "--kubeconfig must name a file, not \"\"", "dorch status")]
    [InlineData("plan x --cluster --context ", "--context must name a context of the kubeconfig, not \"\"", "dorch plan")]
    [InlineData("operator --listen localhost:8080", "--listen must be an IP address and a port such as 0.0.0.0:8080, not \"localhost:8080\"", "dorch operator")]
    [InlineData("crds x", "Unrecognized command or argument 'x'.", "dorch crds")]
    [InlineData("plan x --aws", "--aws needs --cluster-id or --cluster: it names the owner of the secrets, so that two laptops never take each other's",
        "dorch plan")]
    [InlineData("plan x --cluster-id me", "--cluster-id needs --aws or --cluster: without them nothing is queried", "dorch plan")]
    [InlineData("plan x --kubeconfig f", "--kubeconfig needs --cluster: without it no cluster is queried", "dorch plan")]
    [InlineData("status --all-namespaces -n x", "--namespace cannot be combined with --all-namespaces: choose one namespace or all", "dorch status")]
    [InlineData("status --all-namespace", "there is no option --all-namespace; did you mean \"--all-namespaces\"?", "dorch status")]
    [InlineData("validate", "Required argument 'PATH' missing for command: 'validate'.", "dorch validate")]
    public async Task Wrong_usage_ends_with_2_and_says_why(string commandLine, string message, string help)
    {
        var run = await CommandLineRun.Of(commandLine.Split(' '));

        Assert.Equal(new(2, "", $"dorch: {message}\n{help} --help shows how to use it.\n"), run);
    }

    [Fact]
    public async Task Dorch_without_a_command_prints_help_and_ends_with_2()
    {
        var run = await CommandLineRun.Of();

        Assert.Equal(2, run.ExitCode);
        Assert.Equal((await CommandLineRun.Of("--help")).Output, run.Output);
    }

    [Theory]
    [InlineData("up", "dorch up examples/myapp --once -o json")]
    [InlineData("down", "AWS_PROFILE=dev dorch down examples/myapp --aws --cluster-id laptop-of-ada")]
    [InlineData("validate", "helm template . | dorch validate -")]
    [InlineData("secrets-manager", "dorch secrets-manager")]
    [InlineData("crds", "dorch crds | kubectl apply -f -")]
    [InlineData("status", "dorch status myapp -n myapp")]
    [InlineData("plan", "dorch plan examples/myapp")]
    public async Task Help_shows_examples_and_exit_codes(string command, string example)
    {
        var run = await CommandLineRun.Of(command, "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"Usage:\n  dorch {command} ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\n  {example}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:\n  0 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_version_prints_a_number() => Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+", (await CommandLineRun.Of("--version")).Output);
}
