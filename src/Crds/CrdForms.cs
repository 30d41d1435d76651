using System.Text;

namespace GrpoOperator.Crds;

/// <summary>
/// The CRD in its two forms. One source, since two hand-written ones drift: the form without CEL is the source without
/// its <c>x-kubernetes-validations</c>. Servers before 1.30 get that form: kubectl's own schema of 1.20 refuses the
/// field, and without ratcheting a stored object that breaks a rule could never get a status again.
/// </summary>
public static class CrdForms
{
    private const string Source = "grpotrainingjobs.yaml";
    private const string Rules = "x-kubernetes-validations:";

    /// <summary>The form with CEL rules, for servers from 1.30 on; the source as it is.</summary>
    public static string WithCel { get; } = ReadSource();

    /// <summary>The form without CEL rules.</summary>
    public static string WithoutCel { get; } = StripRules(WithCel);

    /// <summary>A CRD's text without its rules: every line that isn't part of one stays as it is.</summary>
    /// <param name="yaml">Block-style YAML in which a rule list is indented deeper than its key, as in our source.</param>
    public static string StripRules(string yaml)
    {
        var kept = new StringBuilder(yaml.Length);
        var skipDeeperThan = -1;
        foreach (var line in yaml.AsSpan().EnumerateLines())
        {
            var text = line.TrimStart(' ');
            var indent = line.Length - text.Length;
            if (skipDeeperThan >= 0 && (text.IsEmpty || indent > skipDeeperThan))
                continue;
            skipDeeperThan = text.StartsWith(Rules, StringComparison.Ordinal) ? indent : -1;
            if (skipDeeperThan < 0)
                kept.Append(line).Append('\n');
        }

        return kept.ToString().TrimEnd('\n') + "\n";
    }

    private static string ReadSource()
    {
        using var stream = typeof(CrdForms).Assembly.GetManifestResourceStream(Source)
            ?? throw new InvalidOperationException($"resource {Source} is missing from the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
