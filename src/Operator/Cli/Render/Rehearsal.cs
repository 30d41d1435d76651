using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli.Render;

/// <summary>
/// The life of a job up to its first gang, played in memory: the operator's own decisions are taken one after the other, and
/// of each object that they make it is assumed that it comes to its good end. What they make is therefore what a cluster
/// would get, name for name and byte for byte.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Decisions until the gang is made: six do, and one that never comes would be a defect.</summary>
    private const int MostDecisions = 50;

    /// <summary>Nothing of a child tells the time.</summary>
    private static readonly DateTime Start = DateTime.UnixEpoch;

    /// <summary>The objects that are made for a job, in their order.</summary>
    /// <param name="job">The job; no rule is broken.</param>
    /// <param name="cluster">What the cluster has.</param>
    public static IReadOnlyList<(ChildKind Kind, JsonObject Body)> Of(ObservedTrainingJob job, ClusterFacts cluster)
    {
        var made = new List<(ChildKind Kind, JsonObject Body)>();
        var hasGang = false;
        var seen = new Observation { Now = Start, Job = job with { Status = new(), Deleting = false }, Cluster = cluster };
        for (var count = 0; count < MostDecisions; count++)
        {
            var decision = Decide.For(seen);
            seen = Resumed(Answered(seen with { Now = seen.Now.AddSeconds(1), Job = seen.Job with { Status = decision.Status } }, decision));
            foreach (var create in decision.Acts.OfType<Act.Create>())
            {
                made.Add((create.Child, create.Body));
                seen = Seen(seen, create);
            }

            // A PodGroup follows its StatefulSet, by one decision.
            made.AddRange(decision.Acts.OfType<Act.CreatePodGroup>().Select(group => (ChildKind.StatefulSet, group.Body)));
            if (hasGang) return made;
            hasGang = seen.StatefulSet is not null;
        }

        throw new InvalidOperationException($"No gang of {job.Namespace}/{job.Name} is made after {MostDecisions} decisions; phase {seen.Job.Status.Phase}.");
    }

    /// <summary>The API server says that no pod lives but those that ended.</summary>
    private static Observation Answered(Observation seen, Decision decision) => decision.Questions.OfType<Question.PodsNow>().FirstOrDefault() is { } question
        ? seen with { Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, seen.Pods, question.OverJob) } }
        : seen;

    /// <summary>A job that was made suspended goes on as soon as it is.</summary>
    private static Observation Resumed(Observation seen) => seen.Job is { Status.Phase: JobPhase.Suspended, Spec: { Suspend: true } spec }
        ? seen with { Job = seen.Job with { Spec = spec with { Suspend = false } } }
        : seen;

    /// <summary>The world after an object was made and, if it is a Job, did what it is for.</summary>
    private static Observation Seen(Observation before, Act.Create create)
    {
        var uid = create.Child.ToString();
        return create.Child switch
        {
            ChildKind.LaunchConfig => before with { LaunchConfig = new ObservedConfigMap(uid, Metadata(create, "annotations", Labels.ContentHash), Deleting: false) },
            ChildKind.Service => before with { Service = new ObservedService(uid, before.Job.Status.Incarnation) },
            ChildKind.NetworkPolicy => before with { NetworkPolicyExists = true },
            ChildKind.StatefulSet => before with { StatefulSet = new ObservedStatefulSet(RenderedJob.PlaceholderUid, before.Job.Status.Incarnation, Sealed: false, Deleting: false) },
            _ => before with
            {
                BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(before.BatchJobs) { [create.Child] = Complete(before, create, uid) },
                Pods = [.. before.Pods, Ended(before, create, uid)],
            },
        };
    }

    private static ObservedBatchJob Complete(Observation before, Act.Create create, string uid) => new()
    {
        Uid = uid,
        Incarnation = before.Job.Status.Incarnation,
        Try = Metadata(create, "annotations", Labels.Try),
        Outcome = BatchJobOutcome.Complete,
    };

    private static ObservedPod Ended(Observation before, Act.Create create, string uid)
    {
        var name = Names.Of(create.Child, before.Job.Name);
        return new ObservedPod
        {
            Name = name,
            Uid = $"{uid}-pod",
            Owner = new ObservedOwner("Job", name, uid),
            Incarnation = before.Job.Status.Incarnation,
            Phase = "Succeeded",
            Main = new ObservedContainer { Ended = new ContainerEnd(0, "Completed", Result(create.Child), Start, Start) },
        };
    }

    /// <summary>The inspection finds neither weights nor data, so that the Jobs which make them are made, too.</summary>
    private static string Result(ChildKind kind) => kind == ChildKind.InspectionJob
        ? """{"weights":"Absent","data":"Absent"}"""
        : """{"code":"Done"}""";

    private static string? Metadata(Act.Create create, string map, string key) => (string?)create.Body["metadata"]?[map]?[key];
}
