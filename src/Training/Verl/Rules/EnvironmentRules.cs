using System.Text.Json;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Variables, volume names, paths and ports that the operator uses itself.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] Paths = ["/etc/grpo", "/run/grpo", "/dev/shm", "/dev/termination-log"];

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.VariableForm, "Kubernetes: a pod whose variable holds a number or a boolean is refused", Values),
        Rule.Structural(RuleNames.OwnedVariable, "this operator: it knows the pods; verl's workers would inherit them", Variables),
        Rule.Structural(RuleNames.ReservedVolumeName, "this operator: its own volumes", VolumeNames),
        Rule.Structural(RuleNames.ReservedMountPath, "this operator: where the launcher lies", MountPaths),
        Rule.Structural(RuleNames.RayPorts, "this operator: the port after Ray's is the launchers'", Ports),
    ];

    private static IEnumerable<Breach> Variables(CheckedJob job) =>
        from variable in Named("env", job.Spec.Env).Concat(OfTemplates(job, "env"))
        where OwnedVariables.Contains(variable.Value)
        select new Breach(variable.Value is OwnedVariables.PostMortem
            ? $"{variable.Field} sets {variable.Value}, which turns failures into hangs"
            : $"{variable.Field} sets {variable.Value}, which the operator sets itself");

    // The API keeps whatever stands in a variable, and only the pod would be refused, which nobody sees but in an event.
    private static IEnumerable<Breach> Values(CheckedJob job) =>
        from list in Lists(job)
        from variable in list.Items.Select((item, at) => (Item: item, At: at))
        let value = ((JsonElement?)variable.Item).Member("value") ?? default
        where value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)
        select new Breach($"{list.Field}[{variable.At}].value is {value.GetRawText()}, not a text; write it with quotes");

    private static IEnumerable<(string Field, IEnumerable<JsonElement> Items)> Lists(CheckedJob job) =>
        PodTemplates.Of(job.Spec)
            .Select(template => ($"{template.Field} container {template.Main} env", PodTemplates.Array(PodTemplates.Container(template.Overlay, template.Main).Member("env"))))
            .Prepend(("env", (IEnumerable<JsonElement>)(job.Spec.Env ?? [])));

    private static IEnumerable<Breach> VolumeNames(CheckedJob job) =>
        from volume in Named("volumes", job.Spec.Volumes)
            .Concat(PodTemplates.Of(job.Spec).SelectMany(template => Named($"{template.Field}.spec.volumes", PodTemplates.Items(template.Overlay, "volumes"))))
        where volume.Value.StartsWith("grpo-", StringComparison.Ordinal)
        select new Breach($"{volume.Field} has the name {volume.Value}; names that begin with grpo- are the operator's");

    private static IEnumerable<Breach> MountPaths(CheckedJob job) =>
        from mount in Texts("volumeMounts", job.Spec.VolumeMounts, "mountPath").Concat(OfTemplates(job, "volumeMounts", "mountPath"))
        from reserved in Paths
        let path = mount.Value.TrimEnd('/')
        where path.Equals(reserved, StringComparison.Ordinal) || path.StartsWith(reserved + "/", StringComparison.Ordinal)
        select new Breach($"{mount.Field} mounts at {mount.Value}; {reserved} is the launcher's");

    private static IEnumerable<Breach> Ports(CheckedJob job)
    {
        var ray = job.Spec.Ray;
        if (ray.DashboardPort == ray.Port || ray.DashboardPort == ray.Port + 1)
            yield return new Breach($"ray.dashboardPort {ray.DashboardPort} is ray.port {ray.Port} or the port after it, which the launchers use");
    }

    private static IEnumerable<TextField> OfTemplates(CheckedJob job, string list, string member = "name") =>
        from template in PodTemplates.Of(job.Spec)
        let main = PodTemplates.Container(template.Overlay, template.Main)
        from text in Texts($"{template.Field} container {template.Main} {list}", PodTemplates.Array(main.Member(list)), member)
        select text;

    private static IEnumerable<TextField> Named(string field, IEnumerable<JsonElement>? items) => Texts(field, items, "name");

    private static IEnumerable<TextField> Texts(string field, IEnumerable<JsonElement>? items, string member) =>
        from item in items ?? []
        let text = ((JsonElement?)item).Text(member)
        where text is not null
        select new TextField(field, text);
}
