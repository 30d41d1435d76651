namespace GrpoOperator.KubeRuntime.Api;

/// <summary>One resource of the API server: what REST needs to know about a kind.</summary>
/// <param name="Group">API group, empty for the core group.</param>
/// <param name="Version">Version within the group, e.g. <c>v1</c>.</param>
/// <param name="Plural">The name in URLs, e.g. <c>pods</c>.</param>
/// <param name="Kind">The name in objects, e.g. <c>Pod</c>.</param>
/// <param name="Namespaced">False for cluster-scoped resources, whose URLs carry no namespace.</param>
public sealed record ApiResource(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    /// <summary>What <c>apiVersion</c> says in an object of this resource.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Relative URL of the collection; without a namespace, that of all namespaces.</summary>
    public string CollectionPath(string? @namespace) =>
        Namespaced && !string.IsNullOrEmpty(@namespace)
            ? $"{Root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}"
            : $"{Root}/{Plural}";

    /// <summary>Relative URL of one object, or of a subresource of it (<c>status</c>, <c>log</c>, <c>scale</c>).</summary>
    public string ObjectPath(NamespacedName name, string? subresource = null)
    {
        var path = $"{CollectionPath(name.Namespace)}/{Uri.EscapeDataString(name.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <summary><c>plural.group</c>, as kubectl and metrics name a resource.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    private string Root => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
}

/// <summary>The built-in resources that operators meet most, in versions that every server since 1.19 has.</summary>
public static class ApiResources
{
    /// <summary>core/v1 Pod.</summary>
    public static readonly ApiResource Pods = new("", "v1", "pods", "Pod");

    /// <summary>core/v1 Service.</summary>
    public static readonly ApiResource Services = new("", "v1", "services", "Service");

    /// <summary>core/v1 ConfigMap.</summary>
    public static readonly ApiResource ConfigMaps = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>core/v1 PersistentVolumeClaim.</summary>
    public static readonly ApiResource PersistentVolumeClaims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    /// <summary>core/v1 Event (its <c>lastTimestamp</c> and <c>count</c> are what kubectl shows on every server).</summary>
    public static readonly ApiResource Events = new("", "v1", "events", "Event");

    /// <summary>core/v1 Node.</summary>
    public static readonly ApiResource Nodes = new("", "v1", "nodes", "Node", Namespaced: false);

    /// <summary>core/v1 Namespace.</summary>
    public static readonly ApiResource Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false);

    /// <summary>apps/v1 StatefulSet.</summary>
    public static readonly ApiResource StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary>batch/v1 Job.</summary>
    public static readonly ApiResource Jobs = new("batch", "v1", "jobs", "Job");

    /// <summary>networking.k8s.io/v1 NetworkPolicy.</summary>
    public static readonly ApiResource NetworkPolicies = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary>coordination.k8s.io/v1 Lease.</summary>
    public static readonly ApiResource Leases = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>apiextensions.k8s.io/v1 CustomResourceDefinition.</summary>
    public static readonly ApiResource CustomResourceDefinitions =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);
}
