using System.Diagnostics;
using DeploymentOrchestrator.References;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.References;

public sealed partial class TemplateTests
{
    [Theory]
    [InlineData("{{ .database.providerStatus.endpoint }}", "{{ .database.providerStatus.endpoint }}")]
    [InlineData("{{.database.providerStatus.endpoint}}", "{{ .database.providerStatus.endpoint }}")]
    [InlineData("{{   .database.providerStatus.endpoint\t}}", "{{ .database.providerStatus.endpoint }}")]
    [InlineData("{{- .database.providerStatus.endpoint -}}", "{{ .database.providerStatus.endpoint }}")]
    [InlineData("{{\n.database.providerStatus.endpoint\n}}", "{{ .database.providerStatus.endpoint }}")]
    [InlineData("{{ ._d2.providerStatus.a-b.c_d.0 }}", "{{ ._d2.providerStatus.a-b.c_d.0 }}")]
    [InlineData("{{ .d.providerStatus.hosts[0].name }}", "{{ .d.providerStatus.hosts[0].name }}")]
    [InlineData("{{ .d.providerStatus.grid[0][12] }}", "{{ .d.providerStatus.grid[0][12] }}")]
    [InlineData("{{ .providerStatus.providerStatus.providerStatus }}", "{{ .providerStatus.providerStatus.providerStatus }}")]
    public void A_template_of_the_exact_form_is_a_reference(string text, string expected)
    {
        var template = Template.Parse(text);
        Assert.Empty(template.Problems);
        Assert.Equal(expected, Assert.Single(template.References).ToString());
        Assert.Equal(text, Assert.Single(template.Parts).Text);
        Assert.True(Template.HasReference(text));
    }

    [Fact]
    public void A_step_of_a_reference_is_a_key_or_an_index()
    {
        var reference = Assert.Single(Template.Parse("{{ .d.providerStatus.a-b[3].c }}").References);
        Assert.Equal("d", reference.Component);
        Assert.Equal([new("a-b", null), new(null, 3), new("c", null)], reference.Path);
    }

    [Theory]
    [InlineData("{{ .d.providerStatus.x | toString }}", "{{ .d.providerStatus.x | toString }}")]
    [InlineData("{{.d.providerStatus.x|fromJson}}", "{{ .d.providerStatus.x | fromJson }}")]
    [InlineData("{{- .d.providerStatus.hosts[0].port | fromJson -}}", "{{ .d.providerStatus.hosts[0].port | fromJson }}")]
    public void ToString_and_fromJson_change_the_type_of_a_reference(string text, string expected)
    {
        var template = Template.Parse(text);
        Assert.Empty(template.Problems);
        Assert.Equal(expected, Assert.Single(template.References).ToString());
        Assert.True(Template.HasReference(text));
    }

    // ESO, Helm and Go templates, and text that only resembles them.
    public static TheoryData<string> Foreign() =>
    [
        "",
        "plain",
        "{{ .username }}",
        "{{.db_host}}",
        "{{- if .tls -}}on{{- else -}}off{{- end -}}",
        "{{ .password | b64enc | quote }}",
        "{{ printf \"%s:%s\" .username .password }}",
        "{{ printf `}} {{ %s` .username }}",
        "{{ \"}}\" }}{{ '}' }}",
        "{{ \"an escaped \\\" and }}\" }}",
        "{{/* a comment with }} and .x.providerStatus.y */}}",
        "{{- /* .x.providerStatus.y */ -}}",
        "{{ .database.providerStatuses.x }}",
        "{{ providerStatus.x }}",
        "{{ .providerStatus }}",
        "{{ .providerStatus.x }}",
        "{{ .status }}",
        "{{ .status.phase }}",
        "{{ .Values.database.endpoint }}",
        "{{ .Values.providerstatus.x }}",
        "{{ .Release.Status }}",
        "{{ $cfg := .config | fromJson }}{{ $cfg.providerStatus.x }}",
        "{{ (.config | fromJson).providerStatus.x }}",
        "{{ index .data \"providerStatus\" }}",
        "{{ printf \"%s\" .a .providerStatus.x }}",
        "{{ if .providerStatus.x }}yes{{ end }}",
        "{{ quote .providerStatus.x }}",
        "{{ printf \".x.providerStatus.y is %s\" .z }}",
        "{.status.phase}",
        "{.status.providerStatus.endpoint}",
        "{.items[0].status.providerStatus.endpoint}",
        "{range .items[*]}{.metadata.name}={.status.providerStatus.endpoint}{end}",
        ".status.providerStatus.endpoint",
        "status.providerStatus.endpoint",
        "$.status.providerStatus.endpoint",
        "${ENDPOINT} $(ENDPOINT) ${ENDPOINT:-none}",
        "${{ steps.build.outputs.tag }}",
        "${{ inputs.providerStatus }}",
        "what is in .database.providerStatus.x, and (database.providerStatus.x)",
        "{\"database.providerStatus.x\": 1}",
        "{ .database.providerStatuses.x }",
        "{\"a\":{\"b\":{}}}",
        "{{{ .handlebars }}}",
        "{{{{ raw }}}}",
        "{{",
        "}}",
        "{{ }}",
        "{{}}",
        "{{ .never.closed",
        "{{ \"never closed }} ",
        "{{/* never closed }}",
        "{{ ` }} \n }}",
        "{{ range $k, $v := .data }}{{ $k }}={{ $v }}\n{{ end }}",
        "{{ $x := .username }}{{ $x }}",
        "\\{{ .username }}",
        "C:\\temp\\{{ .user }}",
        "it's {{ .user }} and it's {{ .host }}",
        "\u00e9\ud83d\ude00{{ .\u00fc }}\0",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_template_of_another_tool_stays_byte_for_byte(string text)
    {
        var template = Template.Parse(text);
        Assert.Empty(template.Problems);
        Assert.Empty(template.References);
        Assert.Equal(text, string.Concat(template.Parts.Select(p => p.Text)));
        Assert.False(Template.HasReference(text));
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_reference_before_another_tools_template_does_not_change_it(string text) =>
        Assert.Equal(text, string.Concat(Template.Parse("{{ .a.providerStatus.b }}" + text).Parts.Where(p => p.Reference is null).Select(p => p.Text)));

    [Theory]
    [InlineData("a {{ .c.providerStatus.d }} b", "a |c|d| b")]
    [InlineData("a \t\r\n{{- .c.providerStatus.d -}} \n b", "a|c|d|b")]
    [InlineData("a {{- .c.providerStatus.d }} b", "a|c|d| b")]
    [InlineData("a {{ .c.providerStatus.d -}} b", "a |c|d|b")]
    // No-break space is text to Go.
    [InlineData("a\u00a0{{- .c.providerStatus.d -}}\u00a0b", "a\u00a0|c|d|\u00a0b")]
    [InlineData("{{ .c.providerStatus.d -}} {{- .e.providerStatus.f }}", "c|d|e|f")]
    [InlineData("{{ .c.providerStatus.d -}} {{ .username }} {{- .e.providerStatus.f }}", "c|d|{{ .username }}|e|f")]
    [InlineData("  {{- .c.providerStatus.d -}}\n", "c|d")]
    [InlineData("{{ .username }}:{{ .c.providerStatus.d }}{{ .port }}", "{{ .username }}:|c|d|{{ .port }}")]
    [InlineData("{\"a\":{\"b\":{{ .x.providerStatus.y }}}}", "{\"a\":{\"b\":|x|y|}}")]
    [InlineData("a{{{ .x.providerStatus.y }}}", "a{|x|y|}")]
    [InlineData("{{{{ .x.providerStatus.y }}}}", "{{|x|y|}}")]
    [InlineData("{{ \"}}\" }}{{ .x.providerStatus.y }}", "{{ \"}}\" }}|x|y")]
    [InlineData("{{/* }} */}}{{ .x.providerStatus.y }}", "{{/* }} */}}|x|y")]
    [InlineData("\\{{ .x.providerStatus.y }}", "{{ .x.providerStatus.y }}")]
    [InlineData("\\\\{{ .x.providerStatus.y }}", "\\|{{ .x.providerStatus.y }}")]
    [InlineData("a\\{{ .x.providerStatus.y | quote }}b", "a|{{ .x.providerStatus.y | quote }}b")]
    [InlineData("{{ .c.providerStatus.d }}\\{{ .x.providerStatus.y }}{{ .e.providerStatus.f }}", "c|d|{{ .x.providerStatus.y }}|e|f")]
    [InlineData("{{ .c.providerStatus.d -}} \\{{ .x.providerStatus.y }}", "c|d|{{ .x.providerStatus.y }}")]
    public void Text_around_references_is_kept_but_for_trimmed_space_and_the_escape(string text, string parts)
    {
        var template = Template.Parse(text);
        Assert.Empty(template.Problems);
        Assert.Equal(parts, string.Join('|', template.Parts.Select(p => p.Reference is { } r ? $"{r.Component}|{r.PathText}" : p.Text)));
    }

    // Pieces in every order: whatever they form, a text without our keyword comes back unchanged.
    [Property(MaxTest = 2000)]
    public Property Any_text_without_a_reference_of_ours_comes_back_byte_for_byte() => Prop.ForAll(
        Gen.Elements("{{", "}}", "{", "}", "{{/*", "*/}}", "\"", "'", "`", "\\", "\n", " ", "-", "{{- ", " -}}", ".username", ".a.providerStatuses", "|",
            "text", "\u00e9", "\ud83d\ude00", "\0")
            .ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            var template = Template.Parse(text);
            return template.Problems.Count == 0 && string.Concat(template.Parts.Select(p => p.Text)) == text;
        });

    [Property(MaxTest = 2000)]
    public Property A_reference_between_any_closed_texts_is_found() => Prop.ForAll(
        Gen.Elements("{{ .a }}", "{{/* }} */}}", "{{ \"}}\" }}", "{a", "}", "text", "\"", "'", "`", " ", "\n", "*/", "/*").ListOf().Select(string.Concat)
            .ToArbitrary(),
        text => Template.Parse($"{text} {{{{ .c.providerStatus.d }}}} {text}") is { Problems.Count: 0 } template
            && template.References.Count() == 1
            && string.Concat(template.Parts.Select(p => p.Text)) == $"{text} {{{{ .c.providerStatus.d }}}} {text}");

    // Half a megabyte of text that hides the end of an action takes milliseconds; quadratic work would take hours.
    [Theory]
    [InlineData("\\\"")]
    [InlineData("\"\\'\\`\\")]
    [InlineData("{{")]
    [InlineData("{{ \"\n")]
    [InlineData("{{ .a.providerStatus.b }} ")]
    [InlineData(".a.providerStatus")]
    [InlineData("\"}}{a.providerStatus.x}{{ \"")]
    [InlineData("providerstatus")]
    [InlineData("{a.providerStatus ")]
    public void The_time_to_parse_a_template_is_linear(string piece)
    {
        var text = "{{ \"" + string.Concat(Enumerable.Repeat(piece, 500_000 / piece.Length));
        var started = Stopwatch.GetTimestamp();
        Template.Parse(text);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
