using System.Globalization;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Messages;

/// <summary>Durations as Go and kubectl write them: <c>30m</c>, <c>1h30m</c>, <c>1.5h</c>, <c>500ms</c>.</summary>
/// <remarks>Source: Go's <c>time.ParseDuration</c>. Signs, micro- and nanoseconds are refused: no field here allows them.</remarks>
internal static partial class GoDuration
{
    /// <summary>Parses the text; false if it is not a duration, is zero or is over 100 years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || !Whole().IsMatch(text))
            return false;

        double seconds = 0;
        foreach (Match part in Part().Matches(text))
        {
            var number = double.Parse(part.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            seconds += number * part.Groups["unit"].Value switch { "h" => 3600, "m" => 60, "s" => 1, _ => 0.001 };
        }

        if (seconds > 100 * 365.25 * 86400)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return duration > TimeSpan.Zero;
    }

    /// <summary>The duration in the largest units that fit: <c>1h30m</c>, <c>45s</c>.</summary>
    public static string ToText(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
            return $"{duration.TotalMilliseconds:0}ms";
        var hours = (long)duration.TotalHours;
        return $"{(hours > 0 ? $"{hours}h" : "")}{(duration.Minutes > 0 ? $"{duration.Minutes}m" : "")}{(duration.Seconds > 0 ? $"{duration.Seconds}s" : "")}";
    }

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]+)?(h|ms|m|s))+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<number>[0-9]+(\.[0-9]+)?)(?<unit>h|ms|m|s)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();
}
