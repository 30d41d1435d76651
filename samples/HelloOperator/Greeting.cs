using System.Text.Json.Serialization;
using GrpoOperator.KubeRuntime.Abstractions;
using k8s.Models;

namespace GrpoOperator.HelloOperator;

[KubernetesEntity(Group = "hello.example.dev", ApiVersion = "v1", Kind = "Greeting", PluralName = "greetings")]
public sealed class V1Greeting : CustomKubernetesEntity<GreetingSpec, GreetingStatus>;

public sealed class GreetingSpec
{
    public string Name { get; set; } = "";
}

public sealed class GreetingStatus
{
    public string? Text { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(V1Greeting))]
internal sealed partial class HelloJson : JsonSerializerContext;
