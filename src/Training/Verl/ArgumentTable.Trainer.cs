using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl;

/// <content>Trainer.</content>
internal static partial class ArgumentTable
{
    private static ArgumentRow[] TrainerRows() =>
    [
        ArgumentRow.Int("trainer.totalEpochs", "trainer.total_epochs", job => job.Spec.Trainer.TotalEpochs),
        ArgumentRow.Int("trainer.totalSteps", "trainer.total_training_steps", job => job.Spec.Trainer.TotalSteps),
        ArgumentRow.Int("trainer.saveFrequency", "trainer.save_freq", job => job.Spec.Trainer.SaveFrequency),
        ArgumentRow.Int("trainer.testFrequency", "trainer.test_freq", job => job.Spec.Trainer.TestFrequency),
        ArgumentRow.Bool("trainer.validateBeforeTraining", "trainer.val_before_train", job => job.Spec.Trainer.ValidateBeforeTraining),
        ArgumentRow.Text("trainer.checkpointDir", "trainer.default_local_dir", job => job.Spec.Trainer.CheckpointDir),
        ArgumentRow.Int("trainer.maxCheckpointsToKeep", "trainer.max_actor_ckpt_to_keep", job => job.Spec.Trainer.MaxCheckpointsToKeep),
        ArgumentRow.Word<ResumeMode>(
            "trainer.resume.mode", "trainer.resume_mode", Mode,
            (ResumeMode.Auto, "Auto", "auto"), (ResumeMode.Disabled, "Disabled", "disable"), (ResumeMode.FromPath, "FromPath", "resume_path")),
        ArgumentRow.Text("trainer.resume.path", "trainer.resume_from_path", job => job.Spec.Trainer.Resume?.Path)
            .When(job => Mode(job) is ResumeMode.FromPath),
        ArgumentRow.List("trainer.loggers", OwnedKeys.Logger, job => job.Spec.Trainer.Loggers ?? [OwnedKeys.Console]),
        ArgumentRow.Text("trainer.projectName", "trainer.project_name", job => job.Spec.Trainer.ProjectName ?? job.Namespace),
        ArgumentRow.Text("trainer.experimentName", "trainer.experiment_name", job => job.Spec.Trainer.ExperimentName ?? job.JobName),
        ArgumentRow.Int("trainer.nodes", "trainer.nnodes", job => job.Shape.TrainerNodes),
        ArgumentRow.Int("trainer.npusPerNode", "trainer.n_gpus_per_node", job => job.Shape.TrainerNpusPerNode),
        ArgumentRow.Raw("–", "trainer.device", _ => "npu"),
        ArgumentRow.Raw("strategy", $"{Actor}.strategy", _ => "fsdp2").When(job => job.Spec.Strategy is Strategy.FSDP2),
    ];

    // A later attempt that resumes its own checkpoint must not be told to start anew; where the spec says nothing, verl's
    // default is "auto" already.
    private static ResumeMode? Mode(ArgumentContext job) =>
        job.Spec.Trainer.Resume?.Mode is { } mode ? job.Resume is ResumeArgument.Later ? ResumeMode.Auto : mode : null;
}
