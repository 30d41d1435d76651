using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Rules about overlays and merged pods, each at its boundaries, where the administrator allows nothing beyond the defaults.</summary>
internal static class PodCases
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Fsdp = "minimal";

    public static IEnumerable<RuleCase> All => [.. Form, .. Metadata, .. Fields, .. Host, .. Volumes, .. Security, .. Accounts, .. Counts];

    private static RuleCase[] Form =>
    [
        new(RuleNames.TemplateForm, Fsdp, Pod("containers: []"), Pod("containers: {}"), "workers.template.spec.containers is an object, not a list"),
        new(RuleNames.TemplateForm, Fsdp, Pod("volumes: [{name: a, emptyDir: {}}]"), Pod("volumes: [{emptyDir: {}}]"), "without name"),
        new(RuleNames.TemplateForm, Fsdp, Pod("initContainers: [{name: a}]"), Pod("initContainers: a"), "is a text, not a list"),
        new(RuleNames.TemplateForm, Fsdp, "workers: {template: {metadata: {labels: {a: b}}}}", "workers: {template: {metadata: {labels: [a]}}}", "metadata.labels is a list"),
        new(RuleNames.TemplateForm, Fsdp, Trainer("env: []"), Trainer("env: null"), "workers.template container trainer env is null"),
        new(RuleNames.TemplateForm, Fsdp, Container("side", "env: null"), Trainer("volumeMounts: null"), "volumeMounts is null"),
        new(RuleNames.TemplateForm, Fsdp, Trainer("image: x"), Trainer("image: null"), "image is null"),
        new(RuleNames.TemplateForm, Fsdp, Trainer("resources: {}"), Trainer("resources: null"), "resources is null"),
        new(RuleNames.TemplateForm, Megatron, "data: {prepare: {template: {spec: {containers: [{name: x, env: null}]}}}}", "data: {prepare: {template: {spec: {containers: [{name: data, env: null}]}}}}", "data.prepare.template container data env"),
        new(RuleNames.TemplateDirective, Fsdp, Pod("nodeSelector: {patch: x}"), Pod("$patch: replace"), "workers.template.spec.$patch is a directive"),
        new(RuleNames.TemplateDirective, Fsdp, Container("side", "env: []"), Container("side", "$retainKeys: [name]"), "workers.template.spec.containers[0].$retainKeys"),
        new(RuleNames.TemplateDirective, Fsdp, Pod("volumes: []"), Pod("$setElementOrder/containers: [{name: trainer}]"), "$setElementOrder/containers"),
        new(RuleNames.TemplateDirective, Fsdp, "inspection: {template: {metadata: {labels: {a: b}}}}", "inspection: {template: {metadata: {labels: {$patch: delete}}}}", "inspection.template.metadata.labels.$patch"),
        new(RuleNames.ReservedTemplateField, Fsdp, Pod("hostUsers: false"), Pod("hostNetwork: false"), "workers.hostNetwork"),
        new(RuleNames.OwnedVariable, Megatron, "conversion: {template: {spec: {containers: [{name: converter, env: [{name: X}]}]}}}", "conversion: {template: {spec: {containers: [{name: converter, env: [{name: GRPO_JOB}]}]}}}", "conversion.template"),
        new(RuleNames.ReservedVolumeName, Fsdp, "inspection: {template: {spec: {volumes: [{name: x}]}}}", "inspection: {template: {spec: {volumes: [{name: grpo-run}]}}}", "inspection.template"),
        new(RuleNames.ReservedMountPath, Fsdp, "inspection: {template: {spec: {containers: [{name: inspector, volumeMounts: [{name: a, mountPath: /x}]}]}}}", "inspection: {template: {spec: {containers: [{name: inspector, volumeMounts: [{name: a, mountPath: /etc/grpo}]}]}}}", "inspection.template"),
    ];

    private static IEnumerable<RuleCase> Metadata =>
        from pair in new (string Kept, string Broken)[]
        {
            ("team", "grpo-operator.dev/job-uid"), ("example.com/team", "x.grpo-operator.dev/y"), ("app.kubernetes.io/part-of", "app.kubernetes.io/component"),
            ("huawei.com/schedule_policy", "kueue.x-k8s.io/queue-name"), ("sp-block", "scheduling.k8s.io/group-name"), ("prometheus.io/scrape", "scheduling.volcano.sh/group-min-member"),
            ("ring-controller.atlas", "container.apparmor.security.beta.kubernetes.io/trainer"), ("kubectl.kubernetes.io/default-container", "seccomp.security.alpha.kubernetes.io/pod"),
            ("cluster-autoscaler.kubernetes.io/safe-to-evict", "io.kubernetes.cri-o.Devices"), ("k8s.v1.cni.cncf.io/networks", "cdi.k8s.io/x"), ("iox", "devices.nri.io/container.trainer"),
            ("notk8s.io/x", "pod-security.kubernetes.io/enforce"), ("sidecar.istio.io/inject", "IO.katacontainers.config.hypervisor.path"),
        }
        from list in (string[])["labels", "annotations"]
        select new RuleCase(RuleNames.TemplateMetadata, Fsdp, $"workers: {{template: {{metadata: {{{list}: {{{pair.Kept}: x}}}}}}}}", $"workers: {{template: {{metadata: {{{list}: {{{pair.Broken}: x}}}}}}}}", $"workers.template.metadata.{list}[{pair.Broken}]");

    private static RuleCase[] Fields =>
    [
        new(RuleNames.TemplateMetadata, Fsdp, "inspection: {template: {metadata: {annotations: {a: b}}}}", "inspection: {template: {metadata: {finalizers: [a/b]}}}", "inspection.template.metadata.finalizers"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Pod("schedulingGates: [{name: a/b}]"), Pod("nodeName: node-1"), "spec.nodeName \"node-1\" in the pods of workers"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Pod("dnsConfig: {}"), Pod("fieldOfTheFuture: {a: 1}"), "spec.fieldOfTheFuture {\"a\":1}"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Container("side", "resizePolicy: []"), Container("side", "hostThings: x"), "spec.containers[side].hostThings"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Pod("initContainers: [{name: i, restartPolicy: Always}]"), Pod("initContainers: [{name: i, Privileged: true}]"), "spec.initContainers[i].Privileged"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Pod("securityContext: {fsGroup: 1}"), Pod("securityContext: {windowsOptions: {hostProcess: true}}"), "spec.securityContext.windowsOptions"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Trainer("securityContext: {readOnlyRootFilesystem: true}"), Trainer("securityContext: {windowsOptions: {}}"), "spec.containers[trainer].securityContext.windowsOptions"),
        new(RuleNames.PodFieldNotAllowed, Fsdp, Trainer("securityContext: {capabilities: {drop: [ALL]}}"), Trainer("securityContext: {capabilities: {ambient: [ALL]}}"), "capabilities.ambient"),
    ];

    private static RuleCase[] Host =>
    [
        new(RuleNames.HostNamespace, Fsdp, Pod("hostPID: false"), Pod("hostPID: true"), "spec.hostPID true in the pods of workers"),
        new(RuleNames.HostNamespace, Fsdp, Pod("hostIPC: false"), Pod("hostIPC: true"), "spec.hostIPC"),
        new(RuleNames.HostNamespace, Fsdp, "workers: {hostNetwork: false}", "workers: {hostNetwork: true}", "spec.hostNetwork true in the pods of workers"),
        new(RuleNames.HostNamespace, Fsdp, "workers: {hostNetwork: true}", "workers: {hostNetwork: true}\nconversion: {template: {spec: {hostNetwork: true}}}", "in the pods of conversion") { Allowed = new() { HostNetwork = true } },
        new(RuleNames.HostNamespace, Fsdp, Container("side", "ports: [{containerPort: 1, hostPort: 0}]"), Container("side", "ports: [{containerPort: 1, hostPort: 80}]"), "spec.containers[side].ports.hostPort 80"),
        new(RuleNames.HostNamespace, Fsdp, Container("side", "readinessProbe: {httpGet: {port: 1}}"), Container("side", "readinessProbe: {httpGet: {port: 1, host: 169.254.169.254}}"), "readinessProbe.httpGet.host \"169.254.169.254\""),
        new(RuleNames.HostNamespace, Fsdp, Container("side", "lifecycle: {preStop: {tcpSocket: {port: 1, host: ''}}}"), Container("side", "lifecycle: {preStop: {tcpSocket: {port: 1, host: x}}}"), "lifecycle.preStop.tcpSocket.host"),
    ];

    private static RuleCase[] Volumes =>
    [
        new(RuleNames.HostPathNotAllowed, Fsdp, "workers: {driverMounts: true}", "volumes: [{name: data, hostPath: {path: /usr/local/Ascend/driver}}]", "spec.volumes[data].hostPath.path \"/usr/local/Ascend/driver\" in the pods of workers, inspection, conversion"),
        new(RuleNames.HostPathNotAllowed, Megatron, "workers: {driverMounts: true}", "workers: {driverMounts: true, template: {spec: {volumes: [{name: x, hostPath: {path: /etc/ascend_install.info, type: File}}]}}}", "spec.volumes[x]"),
        new(RuleNames.HostPathNotAllowed, Fsdp, "workers: {driverMounts: true, template: {spec: {containers: [{name: side, volumeMounts: [{name: grpo-driver, mountPath: /d, readOnly: true}]}]}}}", "workers: {driverMounts: true, template: {spec: {containers: [{name: side, volumeMounts: [{name: grpo-driver, mountPath: /d}]}]}}}", "spec.containers[side].volumeMounts[/d].readOnly"),
        new(RuleNames.HostPathNotAllowed, Fsdp, "workers: {driverMounts: true}", "workers: {driverMounts: true, template: {spec: {containers: [{name: trainer, volumeMounts: [{name: grpo-driver, mountPath: /usr/local/Ascend/driver, readOnly: false}]}]}}}", "spec.containers[trainer].volumeMounts[/usr/local/Ascend/driver].readOnly false"),
        new(RuleNames.HostPathNotAllowed, Fsdp, "workers: {driverMounts: true}", "workers: {driverMounts: true, template: {spec: {volumes: [{name: grpo-driver, hostPath: {path: /etc}}]}}}", "spec.volumes[grpo-driver].hostPath.path \"/etc\""),
        .. from kind in (string[])["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"]
           select new RuleCase(RuleNames.VolumeTypeNotAllowed, Fsdp, Pod($"volumes: [{{name: v, {kind}: {{}}}}]"), Pod("volumes: [{name: v, nfs: {server: s, path: /}}]"), "spec.volumes[v].nfs"),
        new(RuleNames.VolumeTypeNotAllowed, Fsdp, Pod("volumes: [{name: v, emptyDir: {medium: Memory}}]"), "volumes: [{name: data, gitRepo: {repository: x}}]", "in the pods of workers, inspection, conversion is not among the kinds"),
        new(RuleNames.VolumeTypeNotAllowed, Fsdp, Pod("volumes: [{name: v, projected: {sources: [{secret: {name: a}}]}}]"), Pod("volumes: [{name: v, projected: {sources: [{podCertificate: {}}]}}]"), "spec.volumes[v].projected.podCertificate"),
    ];

    private static RuleCase[] Security =>
    [
        .. from name in (string[])["privileged", "allowPrivilegeEscalation"]
           select new RuleCase(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer($"securityContext: {{{name}: false}}"), Trainer($"securityContext: {{{name}: true}}"), $"spec.containers[trainer].securityContext.{name} true"),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Pod("initContainers: [{name: i, securityContext: {}}]"), Pod("initContainers: [{name: i, securityContext: {privileged: true}}]"), "spec.initContainers[i]"),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer("securityContext: {procMount: Default}"), Trainer("securityContext: {procMount: Unmasked}"), "procMount \"Unmasked\""),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Pod("securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}"), Pod("securityContext: {seccompProfile: {type: Unconfined}}"), "spec.securityContext.seccompProfile.type \"Unconfined\""),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer("securityContext: {appArmorProfile: {type: RuntimeDefault}}"), Trainer("securityContext: {appArmorProfile: {type: Unconfined}}"), "appArmorProfile.type"),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer("securityContext: {seLinuxOptions: {type: container_t, level: 's0'}}"), Trainer("securityContext: {seLinuxOptions: {type: spc_t}}"), "seLinuxOptions.type \"spc_t\""),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer("securityContext: {seLinuxOptions: {user: ''}}"), Trainer("securityContext: {seLinuxOptions: {user: root_u}}"), "seLinuxOptions.user"),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Pod("securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: x}]}"), Pod("securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}"), "sysctls \"kernel.msgmax\""),
        new(RuleNames.PrivilegedNotAllowed, Fsdp, Trainer("volumeMounts: [{name: data, mountPath: /d, mountPropagation: HostToContainer}]"), Trainer("volumeMounts: [{name: data, mountPath: /d, mountPropagation: Bidirectional}]"), "mountPropagation"),
        new(RuleNames.CapabilityNotAllowed, Fsdp, Trainer("securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}"), Trainer("securityContext: {capabilities: {add: [IPC_LOCK]}}"), "spec.containers[trainer].securityContext.capabilities.add \"IPC_LOCK\""),
        new(RuleNames.RootNotAllowed, Fsdp, "workers: {template: {spec: {securityContext: {runAsUser: 1000}}}}", Pod("securityContext: {runAsUser: 0}"), "runAsUser 0 in the pods of workers, inspection, conversion") { Allowed = new() { RunAsRoot = false } },
        new(RuleNames.RootNotAllowed, Fsdp, "{}", Container("side", "securityContext: {runAsNonRoot: false}"), "spec.containers[side].securityContext.runAsNonRoot false") { Allowed = new() { RunAsRoot = false } },
        new(RuleNames.RootNotAllowed, Fsdp, Container("side", "securityContext: {runAsUser: 5}"), Container("side", "securityContext: {runAsUser: '0'}"), "is root") { Allowed = new() { RunAsRoot = false } },
        new(RuleNames.SetupNotAllowed, Fsdp, "{}", "launch: {setup: 'export A=1'}", "allowed.setup") { Allowed = new() { Setup = false } },
    ];

    private static RuleCase[] Accounts =>
    [
        new(RuleNames.ServiceAccountNotAllowed, Fsdp, Pod("serviceAccountName: default"), Pod("serviceAccountName: reader"), "spec.serviceAccountName \"reader\""),
        new(RuleNames.ServiceAccountNotAllowed, Fsdp, Pod("serviceAccount: ''"), Pod("serviceAccount: reader"), "spec.serviceAccount \"reader\""),
        new(RuleNames.ServiceAccountNotAllowed, Fsdp, Pod("automountServiceAccountToken: false"), Pod("automountServiceAccountToken: true"), "a token of the account default"),
        new(RuleNames.ServiceAccountNotAllowed, Fsdp, Pod("serviceAccountName: reader, automountServiceAccountToken: true"), Pod("automountServiceAccountToken: true"), "a token of the account default") { Allowed = new() { ServiceAccounts = ["reader"] } },
        new(RuleNames.ServiceAccountNotAllowed, Fsdp, Pod("volumes: [{name: v, projected: {sources: [{configMap: {name: a}}]}}]"), Pod("volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}]"), "spec.volumes[v].projected.serviceAccountToken"),
    ];

    private static RuleCase[] Counts =>
    [
        new(RuleNames.GracePeriod, Fsdp, Pod("terminationGracePeriodSeconds: 5"), Pod("terminationGracePeriodSeconds: 4"), "from 5 to 600"),
        new(RuleNames.GracePeriod, Fsdp, Pod("terminationGracePeriodSeconds: 600"), Pod("terminationGracePeriodSeconds: 601"), "spec.terminationGracePeriodSeconds 601"),
        new(RuleNames.NpuRequest, Fsdp, Trainer("resources: {limits: {huawei.com/Ascend910: 16}}"), Trainer("resources: {limits: {huawei.com/Ascend910: 8}}"), "spec.containers[trainer].resources.limits.huawei.com/Ascend910 8"),
        new(RuleNames.NpuRequest, Fsdp, Container("side", "resources: {limits: {x.io/rdma: 1}}"), Container("side", "resources: {limits: {huawei.com/Ascend910: '1'}}"), "is not 0"),
        new(RuleNames.NpuRequest, Megatron, "conversion: {npus: 2}", "conversion: {template: {spec: {containers: [{name: converter, resources: {requests: {huawei.com/Ascend910: 2}}}]}}}", "is not 1"),
        new(RuleNames.NpuRequest, Fsdp, "inspection: {resources: {limits: {memory: 1Gi}}}", "inspection: {resources: {limits: {huawei.com/Ascend910: 1}}}", "in the pods of inspection"),
    ];

    private static string Pod(string fields) => $"workers: {{template: {{spec: {{{fields}}}}}}}";

    private static string Container(string name, string fields) => Pod($"containers: [{{name: {name}, {fields}}}]");

    private static string Trainer(string fields) => Container("trainer", fields);
}
