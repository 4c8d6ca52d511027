using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Tests.References;

/// <summary>Templates that are refused, and how.</summary>
public sealed partial class TemplateTests
{
    [Theory]
    [InlineData("{{ .db.providerStatus.x | quote }}")]
    [InlineData("{{ .db.providerStatus.x | tostring }}")]
    [InlineData("{{ .db.providerStatus.x | toString | fromJson }}")]
    [InlineData("{{ .db.providerStatus.x | toJson }}")]
    [InlineData("{{ toString .db.providerStatus.x }}")]
    [InlineData("{{ .db.providerStatus.x |toStringx }}")]
    [InlineData("{{ quote .db.providerStatus.x }}")]
    [InlineData("{{ index .db.providerStatus.hosts 0 }}")]
    [InlineData("{{ if .db.providerStatus.x }}yes{{ end }}")]
    [InlineData("{{- with .db.providerStatus }}yes{{ end }}")]
    [InlineData("{{ range .db.providerStatus.hosts }}x{{ end }}")]
    [InlineData("{{ $x := .db.providerStatus.x }}")]
    [InlineData("{{ (.db.providerStatus.x) }}")]
    [InlineData("{{ .db.providerStatus }}")]
    [InlineData("{{ .db.providerStatus. }}")]
    [InlineData("{{ .db.providerStatus[0] }}")]
    [InlineData("{{ .db.providerStatus.a[-1] }}")]
    [InlineData("{{ .db.providerStatus.a[x] }}")]
    [InlineData("{{ .db.providerStatus.a .db.providerStatus.b }}")]
    [InlineData("{{ .db.providerStatus.a /* why */ }}")]
    [InlineData("{{ .db.providerStatus.a \"b\" }}")]
    public void A_larger_action_around_a_reference_is_refused(string text)
    {
        var problem = Assert.Single(Template.Parse(text).Problems);
        Assert.Matches(
            @" is not a reference: write \{\{ \.db\.providerStatus\.[a-z]+(\[0\])? \}\}(, alone or with \| toString or \| fromJson)?; a backslash before "
            + @"it leaves it as it is$", problem);
        Assert.StartsWith(text[..(text.IndexOf("}}", StringComparison.Ordinal) + 2)], problem);
    }

    [Theory]
    [InlineData("{{ .my-db.providerStatus.x }}")]
    [InlineData("{{ my_db.providerStatus.x }}")]
    [InlineData("{{ my-db.providerStatus.x }}")]
    [InlineData("{{ .my_db.providerstatus.x }}")]
    [InlineData("{{ .my_db.ProviderStatus.x }}")]
    [InlineData("{{ .my_db.PROVIDERSTATUS.x }}")]
    [InlineData("{{ .my_db.provider_status.x }}")]
    [InlineData("{{ .my_db.provider-status.x }}")]
    [InlineData("{{ $.my_db.providerStatus.x }}")]
    [InlineData("{{ .my_db.status.providerStatus.x }}")]
    [InlineData("{{ .my_db.Status.providerStatus.x }}")]
    [InlineData("{{ .components.my_db.providerStatus.x }}")]
    [InlineData("{{ components.my-db.providerStatus.x }}")]
    [InlineData("{{- .my-db.providerStatus.x -}}")]
    [InlineData("{{.my-db.providerStatus.x}}")]
    [InlineData("{{ \".my_db.providerStatus.x\" }}")]
    [InlineData("{{ `.my_db.providerStatus.x` }}")]
    [InlineData("{{ 'my_db.providerStatus.x' }}")]
    [InlineData("{{ (.my_db).providerStatus.x }}")]
    [InlineData("{{ (.my_db.providerStatus.x) }}")]
    [InlineData("{{ index . \"my-db\" \"providerStatus\" \"x\" }}")]
    [InlineData("{{ index $ `my_db` `providerStatus` `x` }}")]
    [InlineData("{{ index .my_db \"providerStatus\" \"x\" }}")]
    [InlineData("{{ index .my_db.providerStatus \"x\" }}")]
    [InlineData("{{ (index . \"my-db\").providerStatus.x }}")]
    [InlineData("{{ .my_db[\"providerStatus\"][\"x\"] }}")]
    [InlineData("{{ .my_db.providerStatus['x'] }}")]
    [InlineData("{ .my_db.providerStatus.x }")]
    [InlineData("{.my-db.providerStatus.x}")]
    [InlineData("{my_db.providerStatus.x}")]
    [InlineData("{ .my_db.providerStatus.x }}")]
    [InlineData("{ { .my_db.providerStatus.x } }")]
    [InlineData("{{{ .my_db.providerStatus.x }}}")]
    [InlineData("{{ .my_db.providerStatus.x }}}")]
    [InlineData("{{{ .my_db.providerStatus.x }}")]
    [InlineData("{{ . my_db.providerStatus.x }}")]
    [InlineData("{{ .my_db. providerStatus.x }}")]
    [InlineData("{{ .my-db .providerStatus .x }}")]
    [InlineData("{{ .component.my_db.providerStatus.x }}")]
    [InlineData("${components.my-db.providerStatus.x}")]
    [InlineData("${my_db.providerStatus.x}")]
    [InlineData("${.my-db.providerStatus.x}")]
    [InlineData("${{ .my_db.providerStatus.x }}")]
    [InlineData("${{ my_db.providerStatus.x }}")]
    [InlineData("$(.my_db.providerStatus.x)")]
    [InlineData("#{my_db.providerStatus.x}")]
    [InlineData("%{ my_db.providerStatus.x }")]
    [InlineData("[[ .my_db.providerStatus.x ]]")]
    [InlineData("<% my_db.providerStatus.x %>")]
    [InlineData("<my_db.providerStatus.x>")]
    [InlineData(".my_db.providerStatus.x")]
    [InlineData("my_db.providerStatus.x")]
    [InlineData("$.my_db.providerStatus.x")]
    [InlineData("$my_db.providerStatus.x")]
    [InlineData(".my_db.providerStatus.x }}")]
    [InlineData("\".my_db.providerStatus.x\"")]
    public void A_misspelled_reference_is_refused_with_a_suggestion(string text)
    {
        Assert.Contains(" is not a reference: write {{ .my_db.providerStatus.x }}; a backslash before it leaves it as it is",
            Assert.Single(Template.Parse(text).Problems));
        var escaped = Template.Parse("\\" + text);
        Assert.Empty(escaped.Problems);
        Assert.Empty(escaped.References);
        Assert.Equal(text, string.Concat(escaped.Parts.Select(p => p.Text)));
    }

    [Theory]
    [InlineData("postgres://{ .my_db.providerStatus.x }:5432/app", "{ .my_db.providerStatus.x }")]
    [InlineData("{{ .c.providerStatus.d }}:${my_db.providerStatus.x}/{{ .username }}", "${my_db.providerStatus.x}")]
    [InlineData("host=${my_db.providerStatus.x:-none} port=5432", "${my_db.providerStatus.x:-none}")]
    [InlineData("{{ .username }}@{{ .my-db.providerStatus.x }}", "{{ .my-db.providerStatus.x }}")]
    [InlineData("{\"host\":\"{my_db.providerStatus.x}\"}", "{my_db.providerStatus.x}")]
    public void A_misspelled_reference_within_a_longer_text_is_refused_with_a_suggestion(string text, string shown)
    {
        Assert.StartsWith($"{shown} is not a reference: write {{{{ .my_db.providerStatus.x }}}}; ", Assert.Single(Template.Parse(text).Problems));
        var escaped = Template.Parse(text.Replace(shown, "\\" + shown, StringComparison.Ordinal));
        Assert.Empty(escaped.Problems);
        Assert.Equal(text, string.Concat(escaped.Parts.Select(p => p.Text)));
    }

    [Theory]
    [InlineData("{ .db.providerStatus.hosts[0].name }", "{{ .db.providerStatus.hosts[0].name }}")]
    [InlineData("{{ .d-b.providerStatus.hosts.[0] }}", "{{ .d_b.providerStatus.hosts[0] }}")]
    [InlineData("{{ index .db.providerStatus.hosts 0 }}", "{{ .db.providerStatus.hosts[0] }}")]
    [InlineData("{{ .2db.providerStatus.x }}", "{{ .name.providerStatus.x }}")]
    public void The_suggested_reference_has_the_path_that_was_written(string text, string meant) =>
        Assert.Contains($" is not a reference: write {meant}; ", Assert.Single(Template.Parse(text).Problems));

    [Theory]
    [InlineData("{{ .db.providerStatus.x }")]
    [InlineData("{{ .db.providerStatus.x")]
    public void A_template_action_that_is_not_closed_is_reported(string text) =>
        Assert.StartsWith($"{text} is not closed: end it with }}}}", Assert.Single(Template.Parse(text).Problems));

    [Fact]
    public void A_problem_of_a_template_shows_one_short_line()
    {
        var problem = Assert.Single(Template.Parse("{{ .db.providerStatus.x\n" + new string('y', 1000)).Problems);
        Assert.StartsWith("{{ .db.providerStatus.x is not closed", problem);
        Assert.InRange(Assert.Single(Template.Parse("{{ .db.providerStatus.x " + new string('y', 1000)).Problems).Length, 100, 300);
    }
}
