package io.celeriac.workflow.tree;

import static io.celeriac.contract.workflow.WorkflowNode.chain;
import static io.celeriac.contract.workflow.WorkflowNode.chord;
import static io.celeriac.contract.workflow.WorkflowNode.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowCommand.Kind;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.testkit.MutableClock;
import io.celeriac.workflow.tree.RecordingOutlet.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What users of other systems reported as bugs of their workflows does not happen here. The names of the systems are in the comments; the
 * numbers are those of their public issues.
 */
class WorkflowsTest {

    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
    private static final String ID = "w";

    private final MutableClock clock = MutableClock.at(NOW);
    private final MapStore store = new MapStore();
    private final RecordingOutlet outlet = new RecordingOutlet();
    private final Workflows workflows = new Workflows(
            store, outlet, clock, new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), 1_000_000));
    private int seen;

    private static WorkflowNode task(String name) {
        return WorkflowNode.task(signature(name));
    }

    private static Signature signature(String name) {
        return Signature.of(Task.of(name));
    }

    private static List<WorkflowNode> tasks(int n) {
        return IntStream.range(0, n).mapToObj(i -> task("member")).toList();
    }

    private void submit(WorkflowNode root) {
        workflows.submit(Workflow.of(ID, root), NOW, Map.of("traceparent", "00-1-2-01"));
        work();
    }

    private void work() {
        while (workflows.work(1_000, true)) {
            assertThat(store.size()).isPositive();
        }
    }

    /** Ends every task that is sent, until none is. Tasks whose names are listed fail. */
    private void run(String... failing) {
        run(task -> List.of(failing).contains(task.task()));
    }

    private void run(Predicate<Task> fails) {
        for (; seen < outlet.sent.size(); seen++) {
            var task = outlet.sent.get(seen).task();
            if (task.workflow() != null) {
                end(task, fails.test(task) ? TaskState.FAILURE : TaskState.SUCCESS);
            }
        }
    }

    private void end(Task task, TaskState state) {
        workflows.ended(ended(task, state), false);
        work();
    }

    private static MemberEnded ended(Task task, TaskState state) {
        return new MemberEnded(
                ID,
                task.workflow().node(),
                task.id(),
                state,
                state == TaskState.SUCCESS ? TaskJson.tree(task.workflow().node()) : null,
                state == TaskState.FAILURE ? new TaskError("Boom", task.task() + " broke", null) : null,
                NOW,
                NOW);
    }

    private TaskResult root() {
        return outlet.results.stream()
                .filter(result -> result.queue().equals(Workflow.QUEUE))
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    private List<Task> sent(String name) {
        return outlet.sent.stream()
                .map(Sent::task)
                .filter(task -> task.task().equals(name))
                .toList();
    }

    /** Tasks tell nobody that they run, unless they are tracked. So the coordinator says how many it has sent that have not ended. */
    @Test
    void tellsHowManyTasksAreUnderWay() {
        submit(WorkflowNode.group(tasks(3)));
        for (var number = 0; number < 2; number++) {
            end(outlet.sent.get(number).task(), TaskState.FAILURE);
            workflows.publishChanges();
        }

        var last = outlet.states.get(outlet.states.size() - 1);
        assertThat(last.ended()).isEqualTo(2);
        assertThat(last.underWay()).isEqualTo(1);

        end(outlet.sent.get(2).task(), TaskState.SUCCESS);
        workflows.publishChanges();
        assertThat(outlet.states.get(outlet.states.size() - 1).underWay()).isZero();
    }

    /** celery 9674, 3810: a failure at any level ends the root, with the error of the task that failed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aFailureAtAnyLevelEndsTheRoot(int level) {
        var tree = task("bad");
        for (int i = 0; i < level; i++) {
            tree = i % 2 == 0 ? group(List.of(task("good"), tree)) : chain(List.of(tree, task("later")));
        }
        submit(tree);
        run("bad");
        assertThat(root().state()).isEqualTo(TaskState.FAILURE);
        assertThat(root().error()).isEqualTo(new TaskError("Boom", "bad broke", null));
    }

    /** celery 6220, 5229: a chain within a chord fails at any step; exactly one of body and failure callback is sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void eitherTheBodyOrTheFailureCallbackIsSent(int step) {
        var member = chain(IntStream.range(0, 3)
                .mapToObj(i -> task(i == step ? "bad" : "good"))
                .toList());
        submit(chord(group(List.of(member, member)), task("body"))
                .then(List.of(signature("done")), List.of(signature("broken"))));
        run("bad");
        assertThat(sent("body").size() + sent("broken").size()).isEqualTo(1);
        assertThat(sent("done")).hasSameSizeAs(sent("body"));
        assertThat(root().state()).isEqualTo(step == 3 ? TaskState.SUCCESS : TaskState.FAILURE);
    }

    /** celery 3317, 4048, 4232: the failure callbacks of each level are sent, once. */
    @Test
    void theFailureCallbackOfEachLevelIsSentOnce() {
        var inner = chain(List.of(task("good"), task("bad"))).then(List.of(), List.of(signature("inner")));
        submit(group(List.of(inner, task("good"))).then(List.of(), List.of(signature("outer"))));
        run("bad");
        assertThat(sent("inner")).hasSize(1);
        assertThat(sent("outer")).hasSize(1);
        var argument = sent("outer").get(0).args().get(0);
        assertThat(argument.get("error").get("message").stringValue()).isEqualTo("bad broke");
        assertThat(argument.get("id").stringValue()).isEqualTo(ID);
        assertThat(argument.get("task").stringValue()).isEqualTo("group");
    }

    /** celery 8786: after a failure in the first of two groups the second never starts. */
    @Test
    void theSecondGroupDoesNotStartAfterAFailureInTheFirst() {
        submit(chain(List.of(group(List.of(task("bad"), task("good"))), group(List.of(task("second"))))));
        run("bad");
        assertThat(root().state()).isEqualTo(TaskState.FAILURE);
        assertThat(sent("second")).isEmpty();
        assertThat(outlet.results)
                .filteredOn(result -> result.id().equals(WorkflowIds.ofTask(ID, "0.1.0", 0)))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.state()).isEqualTo(TaskState.REVOKED);
                    assertThat(result.reason()).isEqualTo(RevokeReason.PARENT_FAILED);
                    assertThat(result.error().message()).isEqualTo("parent failed: " + ID);
                });
    }

    /** celery 10526, bullmq 3362: a member that is revoked counts as one that did not succeed; nothing hangs. */
    @ParameterizedTest
    @EnumSource(MemberPolicy.class)
    void aRevokedMemberIsLeftToThePolicy(MemberPolicy policy) {
        submit(chord(group(tasks(2)).onMemberFailure(policy), task("body")));
        end(sent("member").get(0), TaskState.REVOKED);
        end(sent("member").get(1), TaskState.SUCCESS);
        seen = outlet.sent.size() - sent("body").size();
        run();
        assertThat(root().state()).isEqualTo(policy == MemberPolicy.KEEP_GOING ? TaskState.SUCCESS : TaskState.FAILURE);
        if (policy == MemberPolicy.KEEP_GOING) {
            var outcomes = sent("body").get(0).args().get(0);
            assertThat(outcomes.get(0).get("state").stringValue()).isEqualTo("REVOKED");
            assertThat(outcomes.get(1).get("result").stringValue()).isEqualTo("0.0.1");
        }
    }

    /** celery 8182: groups of 0, 1 and 2 members behave alike: the next node waits for them and gets a list. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100})
    void groupsOfAnySizeBehaveAlike(int size) {
        submit(chain(List.of(group(tasks(size)), task("next"))));
        run();
        assertThat(sent("next")).hasSize(1);
        var list = sent("next").get(0).args().get(0);
        assertThat(list.isArray()).isTrue();
        assertThat(list.size()).isEqualTo(size);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
    }

    /** celery 3535, 3538: a chord, and a chain of its header and body, do the same. */
    @Test
    void aChordIsAChainOfItsHeaderAndBody() {
        submit(chord(group(tasks(3)), task("body")));
        run();
        var asChord = outlet.sent.stream().map(Sent::task).toList();
        var other = new WorkflowsTest();
        other.submit(chain(List.of(group(tasks(3)), task("body"))));
        other.run();
        assertThat(other.outlet.sent.stream().map(Sent::task).toList()).isEqualTo(asChord);
    }

    /** celery 3021, hatchet: the first members run while further ones are still being sent; a group may have any number. */
    @Test
    void membersStartWhileMoreAreSent() {
        submit(group(tasks(1)).asOpen());
        assertThat(sent("member")).hasSize(1);
        run();
        workflows.append(new GroupAppend(ID, NodePath.ROOT, 1, tasks(2)));
        work();
        assertThat(sent("member")).hasSize(3);
        run();
        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        workflows.complete(new GroupComplete(ID, NodePath.ROOT, 3));
        work();
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(root().result().size()).isEqualTo(3);
    }

    /** celery 1700, 2725: a sender that dies half-way leaves nothing that waits for ever. */
    @Test
    void aGroupThatIsNotCompletedFailsAfterAWhile() {
        submit(group(tasks(1)).asOpen());
        run();
        clock.advance(Duration.ofMinutes(9));
        workflows.append(new GroupAppend(ID, NodePath.ROOT, 1, tasks(1)));
        work();
        run();
        clock.advance(Duration.ofMinutes(9));
        work();
        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        clock.advance(Duration.ofMinutes(2));
        work();
        assertThat(root().state()).isEqualTo(TaskState.FAILURE);
        assertThat(root().error().message()).contains("it has 2 members");
    }

    @Test
    void aGroupWithTooFewMembersFails() {
        submit(group(tasks(1)).asOpen());
        workflows.complete(new GroupComplete(ID, NodePath.ROOT, 2));
        work();
        assertThat(root().error().message()).isEqualTo("the group has 1 members, and should have 2");
    }

    @Test
    void membersThatFollowMustNotLeaveAGap() {
        submit(group(tasks(1)).asOpen());
        assertThatThrownBy(() -> workflows.append(new GroupAppend(ID, NodePath.ROOT, 5, tasks(1))))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("from is 5, but the group has only 1 members");
    }

    /** sidekiq 4361, 6852: an end that is told twice, at once or ten minutes later, changes nothing. */
    @Test
    void anEndToldTwiceChangesNothing() {
        submit(group(tasks(2)).then(List.of(signature("done")), List.of()));
        var first = sent("member").get(0);
        end(first, TaskState.SUCCESS);
        end(first, TaskState.SUCCESS);
        clock.advance(Duration.ofMinutes(10));
        end(first, TaskState.FAILURE);
        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        end(sent("member").get(1), TaskState.SUCCESS);
        end(first, TaskState.SUCCESS);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(sent("done")).hasSize(1);
    }

    /** hatchet 4493: ten thousand workflows are revoked; all end, and the counts are those of the lists. */
    @Test
    void tenThousandRevokedWorkflowsAllEnd() {
        for (int i = 0; i < 10_000; i++) {
            workflows.submit(Workflow.of("w" + i, chain(List.of(task("a"), task("b")))), NOW, Map.of());
        }
        for (int i = 0; i < 10_000; i++) {
            workflows.command(new WorkflowCommand("w" + i, Kind.REVOKE, false, null, NOW));
        }
        work();
        var roots = outlet.results.stream()
                .filter(result -> result.queue().equals(Workflow.QUEUE) && result.state() == TaskState.REVOKED)
                .map(TaskResult::id)
                .toList();
        assertThat(new HashSet<>(roots)).hasSize(10_000).hasSameSizeAs(roots);
        assertThat(outlet.results)
                .filteredOn(result -> result.state() == TaskState.REVOKED
                        && result.id().equals(WorkflowIds.ofTask(result.rootId(), "0.1", 0)))
                .hasSize(10_000);
    }

    /** celery 5000, 5286: what is sent grows with the tree, not with its square. */
    @Test
    void whatIsSentGrowsLinearlyInAChainOfChords() {
        var small = bytesSent(5);
        var large = bytesSent(10);
        assertThat(large).isLessThan(small * 5 / 2);
    }

    private static long bytesSent(int chords) {
        var test = new WorkflowsTest();
        test.submit(chain(Stream.generate(() -> chord(group(tasks(10)), task("body")))
                .limit(chords)
                .toList()));
        test.run();
        return test.outlet.sent.stream()
                .mapToLong(sent -> TaskJson.bytes(sent.task()).length)
                .sum();
    }

    /** celery 3571: nesting costs what its nodes cost, twelve levels deep as well. */
    @Test
    void nestingTwelveLevelsDeepSendsEachTaskOnce() {
        var tree = task("leaf");
        for (int i = 0; i < 12; i++) {
            tree = chord(group(List.of(tree)), task("body"));
        }
        submit(tree);
        run();
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(outlet.sent).hasSize(13);
        assertThat(outlet.sent)
                .allSatisfy(
                        sent -> assertThat(TaskJson.bytes(sent.task()).length).isLessThan(600));
    }

    @Test
    void atMostSoManyMembersRunAtTheSameTime() {
        submit(group(tasks(5)).withConcurrency(2));
        assertThat(sent("member")).hasSize(2);
        end(sent("member").get(1), TaskState.SUCCESS);
        assertThat(sent("member")).hasSize(3);
    }

    @Test
    void chunksRunTheirItemsOneAfterAnother() {
        var items = IntStream.range(0, 5)
                .<JsonNode>mapToObj(i -> TaskJson.tree(List.of(i)))
                .toList();
        submit(WorkflowNode.chunks(signature("part"), items, 2));
        assertThat(sent("part")).hasSize(3);
        run();
        assertThat(root().result().toString()).isEqualTo("[[\"0.0.0\",\"0.0.1\"],[\"0.1.0\",\"0.1.1\"],[\"0.2.0\"]]");
    }

    @Test
    void anImmutableTaskGetsNothing() {
        var immutable = WorkflowNode.task(new Signature(Task.of("alone", 7), null, true));
        submit(chain(List.of(task("first"), immutable, task("last"))));
        run();
        assertThat(sent("alone").get(0).args()).hasSize(1);
        assertThat(sent("last").get(0).args().get(0).stringValue()).isEqualTo("0.1");
    }

    @Test
    void aSecretResultStaysSecret() {
        submit(chain(List.of(task("secret"), task("next"))));
        workflows.ended(ended(sent("secret").get(0), TaskState.SUCCESS), true);
        work();
        assertThat(outlet.sent.get(1).secret()).isTrue();
        workflows.ended(ended(sent("next").get(0), TaskState.SUCCESS), true);
        work();
        assertThat(root().result().stringValue()).isEqualTo(Redaction.MARK);
    }

    @Test
    void aTaskWaitsUntilItsQueueIsKnown() {
        outlet.pending.add("default");
        submit(chain(List.of(task("a"), task("b"))));
        assertThat(outlet.sent).isEmpty();
        outlet.pending.clear();
        work();
        assertThat(sent("a")).hasSize(1);
    }

    @Test
    void anUnknownQueueFailsTheTask() {
        outlet.absent.put("default", "no topic");
        submit(group(tasks(2)).onMemberFailure(MemberPolicy.KEEP_GOING));
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(outlet.results)
                .filteredOn(result -> result.state() == TaskState.FAILURE)
                .hasSize(2);
    }

    /** A list that fits no record is written to its topic, and what gets it has a reference. */
    @Test
    void theBodyGetsALargeListByReference() {
        submit(chord(group(tasks(3)), task("body")));
        for (var member : sent("member")) {
            workflows.ended(
                    new MemberEnded(
                            ID,
                            member.workflow().node(),
                            member.id(),
                            TaskState.SUCCESS,
                            TaskJson.tree("x".repeat(400_000)),
                            null,
                            NOW,
                            NOW),
                    false);
        }
        work();
        var body = outlet.sent.get(3).task();
        var reference = GroupReference.of(body.args().get(0)).orElseThrow();
        assertThat(reference)
                .isEqualTo(new GroupReference(WorkflowIds.ofNode(ID, "0.0"), 3, ID, "0.0", clock.instant()));
        assertThat(outlet.parts).hasSize(3);
    }

    @Test
    void nothingIsKeptOfASuccessAndItsIdIsRemembered() {
        submit(chain(tasks(3)));
        run();
        assertThat(store.nodes(ID)).isEmpty();
        submit(chain(tasks(3)));
        assertThat(outlet.sent).hasSize(3);
        clock.advance(Duration.ofDays(8));
        work();
        assertThat(store.size()).isZero();
    }

    @Test
    void aRetryOfAWorkflowThatRunsOrHasSucceededIsIgnored() {
        submit(chain(tasks(2)));
        workflows.command(new WorkflowCommand(ID, Kind.RETRY, false, null, NOW));
        run();
        workflows.command(new WorkflowCommand(ID, Kind.RETRY, false, null, NOW));
        work();
        assertThat(outlet.sent).hasSize(2);
    }

    @Test
    void revokingTellsTheWorkersOnceForAllTasks() {
        submit(group(tasks(2_000)));
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, true, null, NOW));
        assertThat(outlet.commands).singleElement().satisfies(command -> {
            assertThat(command.id()).isEqualTo(WorkflowIds.ofRun(ID, 0));
            assertThat(command.terminate()).isTrue();
        });
    }

    @Test
    void tasksCarryTheirPlaceAndTheWorkflowsLabels() {
        var labels = Map.of("tenant", "acme");
        workflows.submit(
                new Workflow(ID, "orders", labels, "mail", chain(List.of(group(tasks(1)))), null, null), NOW, Map.of());
        work();
        var sent = outlet.sent.get(0);
        assertThat(sent.queue()).isEqualTo("mail");
        assertThat(sent.task().rootId()).isEqualTo(ID);
        assertThat(sent.task().groupId()).isEqualTo(WorkflowIds.ofNode(ID, "0.0"));
        assertThat(sent.task().labels()).isEqualTo(labels);
        assertThat(sent.task().workflow().node()).isEqualTo("0.0.0");
        assertThat(root().task()).isEqualTo("orders");
    }

    @Test
    void statesCountWhatTheListsHave() {
        submit(group(List.of(task("bad"), task("good"), task("good"))).onMemberFailure(MemberPolicy.KEEP_GOING));
        run("bad");
        var last = new ArrayList<>(outlet.states).get(outlet.states.size() - 1);
        assertThat(last.tasks()).isEqualTo(3);
        assertThat(last.ended()).isEqualTo(3);
        assertThat(last.failed()).isEqualTo(1);
        assertThat(last.state()).isEqualTo(TaskState.SUCCESS);
    }
}
