using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>Training data: found, made by a Job, or not looked at.</summary>
internal static class DataFiles
{
    public static void Data_that_is_missing_is_prepared(Story story) => Preparing(story)
        .Then("The Job is done", job => job.After(60).WithJobEnd(ChildKind.DataJob, """{"v":1,"kind":"data","code":"Prepared","message":"7473 training rows and 1319 of validation"}"""));

    public static void Data_that_cannot_be_prepared_ends_the_job(Story story) => Preparing(story)
        .Then("The script failed", job => job.After(60).WithJobEnd(ChildKind.DataJob, """{"v":1,"kind":"data","code":"DataFailed","message":"the script ended","log":"KeyError: answer"}""", exitCode: 1))
        .Then("It failed again, the last time", job => job.After(60).WithoutJobPods().WithJobEnd(ChildKind.DataJob, """{"v":1,"kind":"data","code":"DataFailed","message":"the script ended","log":" "}""", exitCode: 1));

    public static void Data_that_nobody_looked_at_is_believed_to_be_there(Story story) => story
        .When(job => job.Decide())
        .Then("The inspection can't tell", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(data: "NotChecked")));

    private static Story Preparing(Story story) => story
        .When(job => job.WithSpec(spec => spec with { Data = spec.Data with { Prepare = new DataPrepareSpec(retries: 1) { RawPath = "/data/raw", OutputDir = "/data/made" } } }).Decide())
        .Then("The inspection found no data", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(data: "Absent")))
        .When(job => job.WithoutJobPods());
}
