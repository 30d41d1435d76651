using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>A job as YAML with its comments: those of the whole file on top, the others above their values.</summary>
internal static class CommentedYaml
{
    /// <summary>The text; it reads back as the same job.</summary>
    public static string Of(JobTree job)
    {
        var tree = job.Job();
        var plain = YamlText.Of(tree);
        var document = KubectlYaml.ReadSingle(plain);
        var above = job.Comments.ToLookup(comment => comment.Path.Length == 0 ? 0 : (int)document.PositionOf(comment.Path).Line, comment => comment.Text);
        var text = new StringBuilder();
        foreach (var comment in above[0])
            text.Append("# ").Append(Line(comment)).Append('\n');
        var line = 1;
        foreach (var row in plain.Split('\n')[..^1])
        {
            foreach (var comment in above[line])
                text.Append(' ', row.Length - row.TrimStart(' ').Length).Append("# ").Append(Line(comment)).Append('\n');
            text.Append(row).Append('\n');
            line++;
        }

        var commented = text.ToString();
        if (!JsonNode.DeepEquals(JsonNode.Parse(KubectlYaml.ReadSingle(commented).Root.GetRawText()), tree))
            throw new InvalidOperationException("the job doesn't read back from its YAML");
        return commented;
    }

    private static string Line(string comment) => string.Concat(comment.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
