using System.Text;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>
/// Writes all text as <see cref="VisibleText"/>, so that no text of a file or a cluster reaches a terminal as an escape sequence. <see
/// cref="WriteLine(string?)"/> writes one line; <see cref="Write(string?)"/> keeps line breaks.
/// </summary>
/// <param name="writer">The stream.</param>
/// <param name="keepsLines">Whether <see cref="WriteLine(string?)"/> keeps line breaks, too: for our own text, such as help.</param>
internal sealed class VisibleWriter(TextWriter writer, bool keepsLines = false) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value) => OrUnwritable(() => writer.Write(VisibleText.Lines(value ?? "")));

    public override void WriteLine() => OrUnwritable(writer.WriteLine);

    public override void WriteLine(string? value) => OrUnwritable(() => writer.WriteLine(Line(value)));

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => OrUnwritable(writer.Flush);

    public override Task FlushAsync()
    {
        Flush();
        return Task.CompletedTask;
    }

    private string Line(string? value) => keepsLines ? VisibleText.Lines(value ?? "") : VisibleText.Of(value ?? "");

    // A full disk, or a stream that the caller closed.
    private static void OrUnwritable(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(e.Message);
        }
    }
}
