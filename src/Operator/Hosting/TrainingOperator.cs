using GrpoOperator.KubeRuntime;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.Operator.Metrics;
using GrpoOperator.Operator.Progress;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Hosting;

/// <summary>What this operator is made of.</summary>
internal static class TrainingOperator
{
    private const string SetRefusals = "refusals-of-statefulsets";
    private const string JobRefusals = "refusals-of-jobs";
    private const string ScaleUps = "scale-ups-for-pods";

    /// <summary>Adds everything to the host's services.</summary>
    public static void AddTrainingOperator(this IServiceCollection services, OperatorOptions options)
    {
        AddMetrics(services);
        AddReconciling(services, options);
        var @operator = services.AddKubernetesOperator(settings =>
        {
            settings.Name = options.LeaseName;
            settings.LeaseNamespace = options.LeaseNamespace;
            settings.Namespaces = [.. options.Namespaces];
            settings.LeaderElectionType = options.LeaderElect ? LeaderElectionType.Single : LeaderElectionType.None;
            settings.Identity = Identity();
        });
        services.AddSingleton(provider => new LeaderElectionOptions(
            new NamespacedName(options.LeaseNamespace ?? provider.GetRequiredService<KubeConnection>().Namespace, options.LeaseName),
            provider.GetRequiredService<OperatorSettings>().Identity)
        {
            LeaseDuration = TimeSpan.FromSeconds(options.LeaseDuration),
            RenewDeadline = TimeSpan.FromSeconds(options.RenewDeadline),
            RetryPeriod = TimeSpan.FromSeconds(options.RetryPeriod),
        });
        AddCaches(@operator, options);
        @operator.AddReconciler<GrpoTrainingJobController>("grpotrainingjob", JobTriggers.Watch).AddLeaderTask<LogPoller>();
    }

    /// <summary>
    /// Every process is somebody else: two on one machine would both lead, and a container that keeps dying would take its
    /// own lease back each time, ahead of the standby that could do the work.
    /// </summary>
    private static string Identity() =>
        $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{Environment.ProcessId}_{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}";

    private static void AddMetrics(IServiceCollection services)
    {
        services.AddSingleton(Prometheus.Metrics.NewCustomRegistry());
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton<IRuntimeMetrics>(provider => provider.GetRequiredService<OperatorMetrics>());
        services.AddSingleton<PhaseTimes>();
        services.AddSingleton<JobMetricsWriter>();
    }

    private static void AddReconciling(IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton(new Timings().Scaled(options.TimeScale));
        services.AddSingleton(new ClusterFacts
        {
            NodeAccess = options.NodeAccess,
            NetworkPolicy = options.NetworkPolicy,
            PodGroups = options.VolcanoPodGroups,
            Allowed = options.Allowed,
        });
        services.AddSingleton<IKubeReader>(provider => provider.GetRequiredService<IKubeApi>());
        services.AddSingleton<IKubeWriter>(provider => provider.GetRequiredService<IKubeApi>());
        services.AddSingleton<AnswerBook>();
        services.AddSingleton<ConsoleBook>();
        services.AddSingleton<Observer>();
        services.AddSingleton<ClusterProbe>();
        services.AddSingleton<Executor>();
        services.AddSingleton(Caches);
    }

    private static JobCaches Caches(IServiceProvider provider)
    {
        var caches = new JobCaches
        {
            Jobs = provider.GetRequiredService<Informer<TrainingJobView>>().Store,
            Pods = provider.GetRequiredService<Informer<ChildView<ObservedPod>>>().Store,
            StatefulSets = provider.GetRequiredService<Informer<ChildView<ObservedStatefulSet>>>().Store,
            BatchJobs = provider.GetRequiredService<Informer<ChildView<ObservedBatchJob>>>().Store,
            Services = provider.GetRequiredService<Informer<ChildView<ObservedService>>>().Store,
            ConfigMaps = provider.GetRequiredService<Informer<ChildView<ObservedConfigMap>>>().Store,
            NetworkPolicies = provider.GetRequiredService<Informer<ChildView<string>>>().Store,
            Refusals =
            [
                provider.GetRequiredKeyedService<Informer<RefusalView>>(SetRefusals).Store,
                provider.GetRequiredKeyedService<Informer<RefusalView>>(JobRefusals).Store,
            ],
            ScaleUps = provider.GetRequiredKeyedService<Informer<RefusalView>>(ScaleUps).Store,
            Nodes = provider.GetService<Informer<NodeView>>()?.Store,
        };
        caches.AddIndexes();
        return caches;
    }

    /// <summary>Every cache with its selector; what carries no job's uid never leaves the API server.</summary>
    private static void AddCaches(OperatorBuilder @operator, OperatorOptions options)
    {
        @operator.AddInformer(In(new InformerDefinition<TrainingJobView>(Resources.TrainingJobs, TrainingJobView.Decode)));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<ObservedPod>>(ApiResources.Pods, ViewDecoders.Pod)));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<ObservedStatefulSet>>(ApiResources.StatefulSets, ViewDecoders.StatefulSet)));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<ObservedBatchJob>>(ApiResources.Jobs, ViewDecoders.BatchJob)));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<ObservedService>>(ApiResources.Services, ViewDecoders.Service)));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<ObservedConfigMap>>(ApiResources.ConfigMaps, ViewDecoders.ConfigMap) { MetadataOnly = true }));
        @operator.AddInformer(Ours(new InformerDefinition<ChildView<string>>(ApiResources.NetworkPolicies, ViewDecoders.NetworkPolicy) { MetadataOnly = true, Required = options.NetworkPolicy }));
        @operator.AddInformer(In(Refusals(SetRefusals, "StatefulSet")));
        @operator.AddInformer(In(Refusals(JobRefusals, "Job")));
        @operator.AddInformer(In(Events(ScaleUps, "TriggeredScaleUp", "Pod")));
        if (options.NodeAccess) @operator.AddInformer(new InformerDefinition<NodeView>(ApiResources.Nodes, NodeView.Decode) { Required = false });

        InformerDefinition<T> In<T>(InformerDefinition<T> definition)
            where T : class, IView => definition with { Namespaces = [.. options.Namespaces] };

        InformerDefinition<T> Ours<T>(InformerDefinition<T> definition)
            where T : class, IView => In(definition) with { LabelSelector = Labels.JobUid };
    }

    private static InformerDefinition<RefusalView> Refusals(string name, string kind) => Events(name, "FailedCreate", kind);

    private static InformerDefinition<RefusalView> Events(string name, string reason, string kind) => new(ApiResources.Events, ViewDecoders.Refusal)
    {
        Name = name,
        FieldSelector = $"reason={reason},involvedObject.kind={kind}",
        Required = false,
    };
}
