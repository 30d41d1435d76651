using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Rules about what belongs to the operator, each at its boundaries.</summary>
internal static class OwnershipCases
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Fsdp = "minimal";

    private static readonly string[] Signs = ["", "+", "++"];

    private static readonly string[] OwnedKeys =
    [
        "trainer.nnodes", "trainer.n_gpus_per_node", "trainer.device", "trainer.resume_mode", "trainer.resume_from_path",
        "ray_kwargs.ray_init.num_cpus", "ray_kwargs.ray_init.address",
    ];

    private static readonly string[] OwnedVariables =
    [
        "MASTER_ADDR", "MASTER_PORT", "NNODES", "NODE_RANK", "NPROC_PER_NODE", "WORLD_SIZE", "RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE",
        "RAY_ADDRESS", "POD_NAME", "POD_NAMESPACE", "POD_IP", "HOST_IP", "GRPO_X", "ASCEND_VISIBLE_DEVICES", "RAY_DEBUG_POST_MORTEM",
    ];

    private static readonly string[] ReservedPaths = ["/etc/grpo", "/run/grpo", "/dev/shm", "/dev/termination-log"];

    private static readonly string[] Tails = ["", "/", "/x"];

    private static readonly string[] PodFields = ["hostname", "subdomain", "restartPolicy", "shareProcessNamespace"];

    private static readonly string[] ContainerFields =
    [
        "command", "args", "terminationMessagePath", "terminationMessagePolicy", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
    ];

    public static IEnumerable<RuleCase> All => [.. Overrides, .. Owned, .. Template];

    private static RuleCase[] Overrides =>
    [
        new(RuleNames.OverrideForm, Fsdp, "overrides: ['~a.b']", "overrides: ['a.b']", "'a.b'"),
        new(RuleNames.OverrideForm, Fsdp, "launch: {args: ['--x']}", "overrides: ['--cfg=job']", "launch.args"),
        .. from key in OwnedKeys
           from sign in Signs
           select new RuleCase(RuleNames.OwnedKey, Fsdp, $"overrides: ['{sign}{key}x=1']", $"overrides: ['{sign}{key}=1']", key),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['trainer={total_epochs: 1}']", "overrides: ['trainer={nnodes: 4}']", "use trainer.nodes"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['~trainer.balance_batch']", "overrides: ['~trainer']", "trainer.nnodes"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['trainer.nnodesx=a,b']", "overrides: ['trainer.nnodes=a,b']", "trainer.nnodes"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['ray_kwargs.ray_init.x=1']", "overrides: ['ray_kwargs.ray_init=null']", "ray_kwargs.ray_init.num_cpus"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['hydrax.run.dir=/x']", "overrides: ['hydra.run.dir=/x']", "hydra.run.dir"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['a/launcher=x']", "overrides: ['hydra/launcher=x']", "hydra/launcher"),
        new(RuleNames.OwnedKey, Fsdp, "overrides: ['a@b=x']", "overrides: ['a@hydra.job=x']", "Hydra itself"),
        new(RuleNames.OwnedKey, Fsdp, "launch: {omitArguments: [trainer.device]}", "launch: {omitArguments: [trainer.nnodes]}", "launch.omitArguments"),
        new(RuleNames.ConsoleLogger, Fsdp, "trainer: {loggers: [file, console]}", "trainer: {loggers: [file]}", "[file]"),
        new(RuleNames.ConsoleLogger, Fsdp, "overrides: ['trainer.logger=[wandb, console]']", "overrides: ['trainer.logger=[wandb]']", "console"),
        new(RuleNames.ConsoleLogger, Fsdp, "overrides: ['trainer.logger=console']", "overrides: ['~trainer.logger']", "console"),
    ];

    private static RuleCase[] Owned =>
    [
        .. from name in OwnedVariables
           select new RuleCase(RuleNames.OwnedVariable, Fsdp, $"env: [{{name: X{name}, value: '1'}}]", $"env: [{{name: {name}, value: '1'}}]", name),
        new(RuleNames.VariableForm, Fsdp, "env: [{name: X, value: '1'}, {name: Y, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}, {name: Z}]", "env: [{name: A}, {name: X, value: on}]", "env[1].value is true"),
        new(RuleNames.VariableForm, Fsdp, "workers: {template: {spec: {containers: [{name: trainer, env: [{name: X, value: '1'}]}]}}}", "workers: {template: {spec: {containers: [{name: trainer, env: [{name: X, value: 1}]}]}}}", "workers.template container trainer env[0].value is 1"),
        new(RuleNames.OwnedVariable, Fsdp, "workers: {template: {spec: {containers: [{name: sidecar, env: [{name: RANK}]}]}}}", "workers: {template: {spec: {containers: [{name: trainer, env: [{name: RANK}]}]}}}", "RANK"),
        new(RuleNames.ReservedVolumeName, Fsdp, "volumes: [{name: grpo}, {name: data}]", "volumes: [{name: grpo-x}, {name: data}]", "grpo-x"),
        new(RuleNames.ReservedVolumeName, Fsdp, "workers: {template: {spec: {volumes: [{name: x}]}}}", "workers: {template: {spec: {volumes: [{name: grpo-run}]}}}", "workers.template"),
        .. from path in ReservedPaths
           from tail in Tails
           select new RuleCase(RuleNames.ReservedMountPath, Fsdp, $"volumeMounts: [{{name: data, mountPath: {path}x}}]", $"volumeMounts: [{{name: data, mountPath: {path}{tail}}}]", path),
        new(RuleNames.ReservedMountPath, Fsdp, "workers: {template: {spec: {containers: [{name: trainer, volumeMounts: [{name: a, mountPath: /run}]}]}}}", "workers: {template: {spec: {containers: [{name: trainer, volumeMounts: [{name: a, mountPath: /run/grpo}]}]}}}", "/run/grpo"),
        new(RuleNames.RayPorts, Fsdp, "ray: {port: 7000, dashboardPort: 7002}", "ray: {port: 7000, dashboardPort: 7001}", "7001"),
        new(RuleNames.RayPorts, Fsdp, "ray: {port: 7000, dashboardPort: 6999}", "ray: {port: 7000, dashboardPort: 7000}", "7000"),
    ];

    private static RuleCase[] Template =>
    [
        .. from name in PodFields
           select new RuleCase(RuleNames.ReservedTemplateField, Fsdp, $"workers: {{template: {{spec: {{{name}x: y}}}}}}", $"workers: {{template: {{spec: {{{name}: y}}}}}}", name),
        .. from name in ContainerFields
           select new RuleCase(RuleNames.ReservedTemplateField, Fsdp, $"workers: {{template: {{spec: {{containers: [{{name: sidecar, {name}: y}}]}}}}}}", $"workers: {{template: {{spec: {{containers: [{{name: trainer, {name}: y}}]}}}}}}", name),
        new(RuleNames.ReservedTemplateField, Fsdp, "conversion: {template: {spec: {nodeSelector: {a: b}}}}", "conversion: {template: {spec: {containers: [{name: converter, args: [x]}]}}}", "conversion.template"),
        new(RuleNames.ReservedTemplateField, Fsdp, "inspection: {template: {spec: {nodeSelector: {a: b}}}}", "inspection: {template: {spec: {restartPolicy: Always}}}", "inspection.template"),
        new(RuleNames.ReservedTemplateField, Megatron, "data: {prepare: {template: {spec: {nodeSelector: {a: b}}}}}", "data: {prepare: {template: {spec: {containers: [{name: data, command: [x]}]}}}}", "data.prepare.template"),
    ];
}
