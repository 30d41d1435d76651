using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using GrpoOperator.Training.Children;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Children;

public sealed class LauncherBundleTests
{
    [Fact]
    public void All_of_the_launcher_is_packed_and_nothing_else()
    {
        var files = Directory.GetFiles(TestFiles.PathOf("src", "Launcher")).Select(f => Path.GetFileName(f)!)
            .Where(f => f.EndsWith(".py", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal));

        Assert.Equal(files.Order(), Unpacked().Keys.Order());
        Assert.Contains("__main__.py", Unpacked().Keys);
        Assert.Equal(File.ReadAllText(TestFiles.PathOf("src", "Launcher", "launch.sh")), LauncherBundle.Script);
    }

    [Fact]
    public void Lines_stay_where_they_were_and_prose_goes()
    {
        foreach (var (name, text) in Unpacked())
        {
            var source = File.ReadAllText(TestFiles.PathOf("src", "Launcher", name));
            Assert.Equal(source.Split('\n').Length, text.Split('\n').Length);
            Assert.True(name.EndsWith(".json", StringComparison.Ordinal) == (source == text), $"{name} is {(source == text ? "" : "not ")}as it was");
        }
    }

    [Theory]
    [InlineData("\"\"\"One.\"\"\"\nx = 1\n", "0\nx = 1\n")]
    [InlineData("def f():\n    \"\"\"Two\n    lines.\"\"\"\n    return 1\n", "def f():\n    0\n\n    return 1\n")]
    [InlineData("a = 1  # kept\n    # gone\n# gone\nb = '#'\n", "a = 1  # kept\n\n\nb = '#'\n")]
    [InlineData("x = \"\"\"kept\"\"\"\n", "x = \"\"\"kept\"\"\"\n")]
    public void Prose_is_documentation_and_comment_lines(string python, string bare) => Assert.Equal(bare, LauncherBundle.Bare(python));

    // As in a pod: unpacked by gzip, started isolated. Without its settings it says so, with the code for it.
    [Fact]
    public void What_is_packed_runs()
    {
        var folder = Directory.CreateTempSubdirectory("grpo-launcher-");
        try
        {
            var archive = Path.Combine(folder.FullName, "launcher.pyz");
            File.WriteAllBytes(archive, Zip());
            using var python = Process.Start(new ProcessStartInfo("python3", ["-IS", archive, "no-such-mode"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["GRPO_ROOT"] = folder.FullName },
            })!;
            var output = python.StandardOutput.ReadToEnd() + python.StandardError.ReadToEnd();
            python.WaitForExit();

            Assert.True(python.ExitCode is not (0 or 1), $"exit {python.ExitCode}: {output}");
            Assert.DoesNotContain("SyntaxError", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Zip()
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(LauncherBundle.PackedBase64)), CompressionMode.Decompress);
        using var zip = new MemoryStream();
        gzip.CopyTo(zip);
        return zip.ToArray();
    }

    private static Dictionary<string, string> Unpacked()
    {
        using var archive = new ZipArchive(new MemoryStream(Zip()));
        return archive.Entries.ToDictionary(e => e.FullName, Read, StringComparer.Ordinal);

        static string Read(ZipArchiveEntry entry)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}
