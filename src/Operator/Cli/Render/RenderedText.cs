using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cli.Render;

/// <summary>Rendered jobs as text that kubectl reads.</summary>
internal static class RenderedText
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Documents; above those of each job, as comments, what only a cluster can tell.</summary>
    public static void WriteYaml(TextWriter output, IEnumerable<RenderedJob> jobs)
    {
        foreach (var job in jobs)
        {
            foreach (var unknown in job.Unknowns) output.WriteLine($"# {unknown}");
            foreach (var child in job.Children)
            {
                output.WriteLine("---");
                output.Write(YamlText.Of(child));
            }
        }
    }

    /// <summary>One list, as <c>kubectl get -o json</c> writes several objects.</summary>
    public static void WriteJson(TextWriter output, IEnumerable<RenderedJob> jobs)
    {
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray([.. jobs.SelectMany(job => job.Children)]),
        };
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable))
            list.WriteTo(writer);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }
}
