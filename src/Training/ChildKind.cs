namespace GrpoOperator.Training;

/// <summary>The kinds of children that a job has.</summary>
public enum ChildKind
{
    /// <summary>ConfigMap <c>&lt;job&gt;-launch</c>.</summary>
    LaunchConfig,

    /// <summary>Job <c>&lt;job&gt;-inspect</c>.</summary>
    InspectionJob,

    /// <summary>Job <c>&lt;job&gt;-data</c>.</summary>
    DataJob,

    /// <summary>Job <c>&lt;job&gt;-convert</c>.</summary>
    ConversionJob,

    /// <summary>Headless Service <c>&lt;job&gt;</c>.</summary>
    Service,

    /// <summary>NetworkPolicy <c>&lt;job&gt;</c>.</summary>
    NetworkPolicy,

    /// <summary>StatefulSet <c>&lt;job&gt;</c>.</summary>
    StatefulSet,
}
