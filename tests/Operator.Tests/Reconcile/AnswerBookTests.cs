using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Tests.Reconcile;

public sealed class AnswerBookTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly RefusedWrite Refusal = new(Now, RefusalKind.Forbidden, "no");

    private readonly AnswerBook book = new();

    [Fact]
    public void Nothing_is_known_of_a_job_that_nobody_asked_about() => Assert.Same(Answers.None, book.Of("a"));

    [Fact]
    public void A_refusal_stands_until_that_child_is_made()
    {
        book.Refused("a", ChildKind.StatefulSet, Refusal);
        book.Refused("a", ChildKind.Service, Refusal);
        book.Made("a", ChildKind.StatefulSet);
        Assert.Equal([ChildKind.Service], book.Of("a").Refused.Keys);
    }

    [Fact]
    public void Pods_and_refusals_do_not_displace_each_other()
    {
        book.Refused("a", ChildKind.StatefulSet, Refusal);
        book.Pods("a", new PodsAnswer(Now, []));
        book.Refused("a", ChildKind.Service, Refusal);
        book.Made("a", ChildKind.Service);
        Assert.Equal((Now, 1), (book.Of("a").Pods!.At, book.Of("a").Refused.Count));
    }

    [Fact]
    public void A_newer_answer_takes_the_place_of_the_older()
    {
        book.Pods("a", new PodsAnswer(Now, []));
        book.Pods("a", new PodsAnswer(Now.AddSeconds(1), []));
        Assert.Equal(Now.AddSeconds(1), book.Of("a").Pods!.At);
    }

    [Fact]
    public void Jobs_do_not_share_answers_and_go_one_by_one()
    {
        book.Refused("a", ChildKind.StatefulSet, Refusal);
        book.Refused("b", ChildKind.StatefulSet, Refusal);
        book.Forget("a");
        Assert.Same(Answers.None, book.Of("a"));
        Assert.Single(book.Of("b").Refused);
    }
}
