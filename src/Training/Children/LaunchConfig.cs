using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Children;

/// <summary>
/// ConfigMap <c>&lt;job&gt;-launch</c>: everything that runs in the job's pods besides the image. Immutable; nothing in it
/// is secret. It does not depend on the incarnation, so restarts share it.
/// </summary>
public static class LaunchConfig
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var data = Data(context);
        var map = ChildMeta.Object(context, ChildKind.LaunchConfig, "v1", "ConfigMap", new JsonObject { [Labels.ContentHash] = HashOf(data) });
        map["immutable"] = true;
        map["data"] = data;
        map["binaryData"] = new JsonObject { ["launcher.pyz.gz"] = LauncherBundle.PackedBase64 };
        return map;
    }

    /// <summary>Sixteen hexadecimal digits that tell whether an existing ConfigMap is what <see cref="Build"/> would make.</summary>
    public static string ContentHash(ChildContext context) => HashOf(Data(context));

    private static JsonObject Data(ChildContext context)
    {
        var shape = JobShape.Of(context.Spec);
        var data = new JsonObject
        {
            ["launch.sh"] = LauncherBundle.Script,
            ["args"] = Lines(Arguments.For(context.Spec, context.Namespace, context.JobName, shape, ResumeArgument.First)),
            ["job.json"] = JobSettings.Of(context, shape).ToJsonString(),
        };
        if (Arguments.Later(context.Spec, context.Namespace, context.JobName, shape) is { } later) data["args-resume"] = Lines(later);
        return data;
    }

    private static string Lines(IReadOnlyList<string> arguments) => string.Join('\n', arguments) + "\n";

    private static string HashOf(JsonObject data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(data.ToJsonString()));
        hash.AppendData(Encoding.UTF8.GetBytes(LauncherBundle.PackedBase64));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
