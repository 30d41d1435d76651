using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace GrpoOperator.Training.Children;

/// <summary>
/// The launcher's files, embedded in this assembly: <c>launch.sh</c> as text, the rest as one packed zip application. Packed
/// small, since etcd holds one for each job: a zip whose files are stored, deflated as one stream (small files that share
/// their words pack a quarter better together), without prose. Every line stays where it was, for tracebacks.
/// </summary>
public static partial class LauncherBundle
{
    private const string Prefix = "launcher/";

    // Zip can't tell an earlier time, and a fixed one keeps the bytes the same.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The start script, PID 1 until it hands over.</summary>
    public static string Script { get; } = Read("launch.sh");

    /// <summary>The packed zip application (<c>launcher.pyz.gz</c>), in Base64 as <c>binaryData</c> wants it.</summary>
    public static string PackedBase64 { get; } = Convert.ToBase64String(Pack());

    /// <summary>Python text without prose: a documentation string becomes <c>0</c>, a comment line an empty one.</summary>
    internal static string Bare(string python)
    {
        var undocumented = DocumentationString().Replace(python, found => found.Groups["indent"].Value + "0" + new string('\n', found.Value.Count(c => c == '\n')));
        return CommentLine().Replace(undocumented, "");
    }

    private static byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(Zip());
        return packed.ToArray();
    }

    private static byte[] Zip()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in FileNames().Where(name => !name.EndsWith(".sh", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                using var target = entry.Open();
                target.Write(Encoding.UTF8.GetBytes(name.EndsWith(".py", StringComparison.Ordinal) ? Bare(Read(name)) : Read(name)));
            }
        }

        return buffer.ToArray();
    }

    private static IEnumerable<string> FileNames() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""^(?<indent> *)\"{3}.*?\"{3} *$""", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DocumentationString();

    [GeneratedRegex("^ *#.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommentLine();
}
