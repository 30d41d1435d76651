namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The key of an object within its resource. <see cref="Namespace"/> is empty for cluster-scoped objects.</summary>
/// <remarks>Two objects may bear the same key one after the other: what tells them apart is their uid.</remarks>
public readonly record struct NamespacedName(string Namespace, string Name)
{
    /// <summary><c>namespace/name</c>, or <c>name</c> for cluster-scoped objects.</summary>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static NamespacedName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new NamespacedName("", text) : new NamespacedName(text[..slash], text[(slash + 1)..]);
    }
}
