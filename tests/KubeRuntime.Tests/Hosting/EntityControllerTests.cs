using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GrpoOperator.KubeRuntime.Abstractions;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Tests.Fake;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Tests.Hosting;

[KubernetesEntity(Group = "example.dev", ApiVersion = "v1", Kind = "Toy", PluralName = "toys")]
public sealed class V1Toy : CustomKubernetesEntity<ToySpec, ToyStatus>;

public sealed class ToySpec
{
    public string Color { get; set; } = "";
}

public sealed class ToyStatus
{
    public string? Seen { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(V1Toy))]
internal sealed partial class ToyJson : JsonSerializerContext;

/// <summary>The shapes of KubeOps on this runtime.</summary>
public sealed class EntityControllerTests : IAsyncLifetime
{
    private static readonly ApiResource Toys = EntityControllers.ResourceOf<V1Toy>();
    private static readonly NamespacedName A = new("default", "a");
    private FakeKube _kube = null!;
    private IHost _host = null!;
    private ToyController _controller = null!;

    public async ValueTask InitializeAsync()
    {
        _kube = await FakeKube.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new KubeConnection(new KubernetesClientConfiguration { Host = _kube.Address.ToString() }, TimeProvider.System, NoMetrics.Instance));
        builder.Services
            .AddKubernetesOperator(settings =>
            {
                settings.Name = "toys";
                settings.Json = ToyJson.Default;
                settings.LeaderElectionType = LeaderElectionType.None;
            })
            .AddController<ToyController, V1Toy>(owns: ApiResources.ConfigMaps);
        _host = builder.Build();
        _controller = _host.Services.GetRequiredService<ToyController>();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _kube.DisposeAsync();
    }

    [Fact]
    public async Task A_controller_is_given_the_whole_entity_and_its_spec_changes()
    {
        _kube.Put(Toys, Toy("red"));
        await RanAsync("reconcile a red");
        _kube.Change(Toys, A, toy => toy["spec"]!["color"] = "blue");
        await RanAsync("reconcile a blue");
        Assert.Equal(0, _kube.Count("GET", "/toys/a"));
    }

    [Fact]
    public async Task Its_own_status_is_no_reason_to_run_again()
    {
        _kube.Put(Toys, Toy("red"));
        await RanAsync("reconcile a red");
        _kube.Change(Toys, A, toy => toy["status"] = new JsonObject { ["seen"] = "red" });
        _kube.Put(Toys, Toy("green", "b"));
        await RanAsync("reconcile b green");
        Assert.Single(_controller.Ran, ran => ran == "reconcile a red");
    }

    [Fact]
    public async Task A_deletion_hands_over_the_last_known_entity()
    {
        _kube.Put(Toys, Toy("red"));
        await RanAsync("reconcile a red");
        _kube.Delete(Toys, A);
        await RanAsync("deleted a red");
    }

    [Fact]
    public async Task An_owned_object_that_goes_brings_its_owner_back()
    {
        _kube.Put(Toys, Toy("red"));
        await RanAsync("reconcile a red");
        _kube.Put(ApiResources.ConfigMaps, Child("Toy", "example.dev/v1"));
        await Waiting.UntilAsync(() => _controller.Ran.Count == 2, "run by the child");
        _kube.Delete(ApiResources.ConfigMaps, new NamespacedName("default", "child"));
        await Waiting.UntilAsync(() => _controller.Ran.Count == 3, "run by its end");
        Assert.All(_controller.Ran, ran => Assert.Equal("reconcile a red", ran));
    }

    [Fact]
    public async Task The_children_of_other_kinds_and_groups_are_nothing_to_it()
    {
        _kube.Put(Toys, Toy("red"));
        await RanAsync("reconcile a red");
        _kube.Put(ApiResources.ConfigMaps, Child("Toy", "other.dev/v1", "of another group"));
        _kube.Put(ApiResources.ConfigMaps, Child("Tool", "example.dev/v1", "of another kind"));
        var last = Child("Toy", "example.dev/v1");
        last["metadata"]!["ownerReferences"]![0]!["name"] = "b";
        _kube.Put(Toys, Toy("green", "b"));
        await RanAsync("reconcile b green");
        _kube.Put(ApiResources.ConfigMaps, last); // Told after the others: once it has run b, they have had their turn.
        await Waiting.UntilAsync(() => _controller.Ran.Count(ran => ran == "reconcile b green") == 2, "b run by its child");
        Assert.Single(_controller.Ran, ran => ran == "reconcile a red");
    }

    [Fact]
    public async Task A_failure_result_is_tried_again()
    {
        _controller.FailuresLeft = 2;
        _kube.Put(Toys, Toy("red"));
        await Waiting.UntilAsync(() => _controller.Ran.Count == 3, "two more tries");
    }

    [Fact]
    public async Task Events_are_published()
    {
        _kube.Put(Toys, Toy("red"));
        await Waiting.UntilAsync(() => _kube.All(ApiResources.Events).Count == 1, "the event");
        var written = _kube.All(ApiResources.Events)[0];
        Assert.Equal(("Seen", "Toy", "example.dev/v1"), ((string)written["reason"]!, (string)written["involvedObject"]!["kind"]!, (string)written["involvedObject"]!["apiVersion"]!));
    }

    [Fact]
    public void Rights_stand_on_the_controller()
    {
        var right = Assert.Single(typeof(ToyController).GetCustomAttributes(inherit: false).OfType<EntityRbacAttribute>());
        Assert.Equal(typeof(V1Toy), Assert.Single(right.Entities));
        Assert.Equal(RbacVerb.Get | RbacVerb.List, right.Verbs);
    }

    private static JsonObject Toy(string color, string name = "a") => new()
    {
        ["apiVersion"] = "example.dev/v1",
        ["kind"] = "Toy",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["spec"] = new JsonObject { ["color"] = color },
    };

    private static JsonObject Child(string kind, string apiVersion, string name = "child") => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "default",
            ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion, ["name"] = "a", ["uid"] = "u", ["controller"] = true }),
        },
    };

    private Task RanAsync(string what) => Waiting.UntilAsync(() => _controller.Ran.Contains(what), what);

    [EntityRbac(typeof(V1Toy), Verbs = RbacVerb.Get | RbacVerb.List)]
    public sealed class ToyController(EventPublisher events) : IEntityController<V1Toy>
    {
        public ConcurrentQueue<string> Ran { get; } = new();

        public int FailuresLeft { get; set; }

        public async Task<ReconciliationResult<V1Toy>> ReconcileAsync(V1Toy entity, CancellationToken cancellationToken)
        {
            Ran.Enqueue($"reconcile {entity.Metadata.Name} {entity.Spec.Color}");
            entity.Spec.Color = "scribbled"; // Its own copy: nobody else sees it.
            await events(entity, "Seen", "seen", cancellationToken: cancellationToken);
            return FailuresLeft-- > 0 ? ReconciliationResult<V1Toy>.Failure(entity, "not yet") : ReconciliationResult<V1Toy>.Success(entity);
        }

        public Task<ReconciliationResult<V1Toy>> DeletedAsync(V1Toy entity, CancellationToken cancellationToken)
        {
            Ran.Enqueue($"deleted {entity.Metadata.Name} {entity.Spec.Color}");
            return Task.FromResult(ReconciliationResult<V1Toy>.Success(entity));
        }
    }
}
