using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Reads <see cref="ObjectMeta"/> out of an object.</summary>
public static class ObjectMetaReading
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The property's value as metadata.</summary>
    public static ObjectMeta NextObjectMeta(this ref Utf8JsonReader reader)
    {
        var meta = new ObjectMeta();
        string? name = null, @namespace = null;
        if (!reader.NextIsObject())
            return meta;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("name"u8))
                name = reader.NextString();
            else if (reader.ValueTextEquals("namespace"u8))
                @namespace = reader.NextString();
            else
                meta = With(meta, ref reader);
        }

        return meta with { NamespacedName = new NamespacedName(@namespace ?? "", name ?? "") };
    }

    /// <summary>The metadata of a whole object, and nothing else of it.</summary>
    public static ObjectMeta Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                return reader.NextObjectMeta();
            reader.Skip();
        }

        return new ObjectMeta();
    }

    private static ObjectMeta With(ObjectMeta meta, ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("uid"u8))
            return meta with { Uid = reader.NextString() ?? "" };
        if (reader.ValueTextEquals("resourceVersion"u8))
            return meta with { ResourceVersion = reader.NextString() ?? "" };
        if (reader.ValueTextEquals("generation"u8))
            return meta with { Generation = reader.NextNumber() ?? 0 };
        if (reader.ValueTextEquals("creationTimestamp"u8))
            return meta with { CreationTimestamp = reader.NextTime() };
        if (reader.ValueTextEquals("deletionTimestamp"u8))
            return meta with { DeletionTimestamp = reader.NextTime() };
        if (reader.ValueTextEquals("deletionGracePeriodSeconds"u8))
            return meta with { DeletionGracePeriodSeconds = reader.NextNumber() };
        if (reader.ValueTextEquals("labels"u8))
            return meta with { Labels = reader.NextMap() };
        if (reader.ValueTextEquals("annotations"u8))
            return meta with { Annotations = reader.NextMap(except: LastApplied) };
        if (reader.ValueTextEquals("finalizers"u8))
            return meta with { Finalizers = reader.NextStrings() };
        if (reader.ValueTextEquals("ownerReferences"u8))
            return meta with { Controller = NextController(ref reader) };
        reader.Skip();
        return meta;
    }

    private static ControllerOwner? NextController(ref Utf8JsonReader reader)
    {
        ControllerOwner? controller = null;
        if (!reader.NextIsArray())
            return null;
        while (reader.NextElement())
        {
            var isController = false;
            var owner = new ControllerOwner("", "", "", "");
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("controller"u8))
                    isController = reader.NextBoolean();
                else if (reader.ValueTextEquals("apiVersion"u8))
                    owner = owner with { ApiVersion = reader.NextString() ?? "" };
                else if (reader.ValueTextEquals("kind"u8))
                    owner = owner with { Kind = reader.NextString() ?? "" };
                else if (reader.ValueTextEquals("name"u8))
                    owner = owner with { Name = reader.NextString() ?? "" };
                else if (reader.ValueTextEquals("uid"u8))
                    owner = owner with { Uid = reader.NextString() ?? "" };
                else
                    reader.Skip();
            }

            if (isController)
                controller = owner;
        }

        return controller;
    }
}
