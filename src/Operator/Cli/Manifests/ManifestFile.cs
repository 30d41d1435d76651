using System.Text;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>A file that a command was called with, as far as it could be read.</summary>
/// <param name="Name">As it was named.</param>
internal sealed record ManifestFile(string Name)
{
    /// <summary>What stands for the standard input on a command line.</summary>
    public const string StandardInput = "-";

    private static readonly string[] Extensions = [".json", ".yaml", ".yml"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its objects, in order.</summary>
    public IReadOnlyList<Manifest> Manifests { get; private init; } = [];

    /// <summary>Why its text can't be read as YAML.</summary>
    public Remark? Refusal { get; private init; }

    /// <summary>Why there is no text: the call is wrong, not a job.</summary>
    public string? Missing { get; private init; }

    /// <summary>The files that names stand for, as kubectl takes them: of a directory its manifests, not those below it.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> names) => names.Distinct(StringComparer.Ordinal).SelectMany<string, string>(name => Directory.Exists(name)
        ? Directory.EnumerateFiles(name).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal)).Order(StringComparer.Ordinal)
        : [name]);

    /// <summary>Reads a file, or the standard input.</summary>
    public static ManifestFile Read(string name, Func<Stream> input)
    {
        var shown = new ManifestFile(name == StandardInput ? "stdin" : name);
        try
        {
            using var stream = name == StandardInput ? input() : File.OpenRead(name);
            return shown with { Manifests = Manifest.Read(shown.Name, Text(stream)) };
        }
        catch (YamlReadException exception)
        {
            return shown with { Refusal = new Remark(shown.Name, exception.Position, RemarkKind.Error, RemarkNames.Yaml, Subject: null, exception.Reason) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return shown with { Missing = $"{shown.Name}: {exception.Message}" };
        }
    }

    /// <summary>No more than the reader of YAML takes: a file may have no end.</summary>
    private static string Text(Stream stream)
    {
        using var bytes = new MemoryStream();
        var part = new byte[16 * 1024];
        for (var count = stream.Read(part); count > 0 && bytes.Length <= KubectlYaml.MaxBytes; count = stream.Read(part))
            bytes.Write(part, 0, count);
        if (bytes.Length > KubectlYaml.MaxBytes) throw new YamlReadException(new(1, 1), $"larger than {KubectlYaml.MaxBytes / 1024} KiB");
        try
        {
            return Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException exception)
        {
            throw new YamlReadException(new(1, 1), "is not UTF-8", exception);
        }
    }
}
