using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace GrpoOperator.Training.Children;

/// <summary>The launcher's files, embedded in this assembly: <c>launch.sh</c> as text, the Python files as one zip application.</summary>
public static class LauncherBundle
{
    private const string Prefix = "launcher/";

    // Zip can't tell an earlier time, and a fixed one keeps the bytes the same.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The start script, PID 1 until it hands over.</summary>
    public static string Script { get; } = Encoding.UTF8.GetString(Read("launch.sh"));

    /// <summary>The zip application, in Base64 as <c>binaryData</c> wants it.</summary>
    public static string ZipAppBase64 { get; } = Convert.ToBase64String(Zip());

    private static byte[] Zip()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in FileNames().Where(name => !name.EndsWith(".sh", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = Epoch;
                using var target = entry.Open();
                target.Write(Read(name));
            }
        }

        return buffer.ToArray();
    }

    private static IEnumerable<string> FileNames() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]);

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
