package io.celeriac.workflow.tree;

import static io.celeriac.contract.workflow.WorkflowNode.chain;
import static io.celeriac.contract.workflow.WorkflowNode.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
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
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Late, lost, repeated and oversized things: each workflow ends all the same, and none keeps another from its work. */
class WorkflowFaultsTest {

    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
    private static final String ID = "w";
    private static final int SLICE = 1_000;

    private final MutableClock clock = MutableClock.at(NOW);
    private final MapStore store = new MapStore();
    private final RecordingOutlet outlet = new RecordingOutlet();
    private final Workflows workflows = new Workflows(
            store, outlet, clock, new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), 1_022_976));

    private static WorkflowNode task(String name) {
        return WorkflowNode.task(signature(name));
    }

    private static Signature signature(String name) {
        return Signature.of(Task.of(name));
    }

    private static List<WorkflowNode> tasks(int n) {
        return IntStream.range(0, n).mapToObj(i -> task("member")).toList();
    }

    private static WorkflowNode items(int n) {
        return WorkflowNode.map(
                signature("item"),
                IntStream.range(0, n).<JsonNode>mapToObj(TaskJson::tree).toList());
    }

    private void submit(WorkflowNode root) {
        submit(ID, root);
    }

    private void submit(String id, WorkflowNode root) {
        workflows.submit(Workflow.of(id, root), NOW, Map.of());
        work();
    }

    private void work() {
        for (int i = 0; i < 100 && workflows.work(SLICE, true); i++) {
            assertThat(store.size()).isPositive();
        }
    }

    private void end(Task task, TaskState state) {
        end(task, state, TaskJson.tree(task.workflow().node()));
        work();
    }

    private void end(Task task, TaskState state, JsonNode result) {
        workflows.ended(
                new MemberEnded(
                        task.workflow().id(),
                        task.workflow().node(),
                        task.id(),
                        state,
                        state == TaskState.SUCCESS ? result : null,
                        state == TaskState.FAILURE ? new TaskError("Boom", task.task() + " broke", null) : null,
                        NOW,
                        NOW),
                false);
    }

    private void command(Kind kind) {
        workflows.command(new WorkflowCommand(ID, kind, false, null, NOW));
        work();
    }

    private TaskResult root() {
        return outlet.results.stream()
                .filter(result -> result.queue().equals(Workflow.QUEUE))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<Task> sent(String name) {
        return outlet.sent.stream()
                .map(Sent::task)
                .filter(task -> task.task().equals(name))
                .toList();
    }

    @Test
    void aLargeGroupIsCancelledBitByBit() {
        submit(group(tasks(20_000)).withConcurrency(1));
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, false, null, NOW));
        assertThat(root().state()).isEqualTo(TaskState.REVOKED);

        var before = unsent();
        while (workflows.work(SLICE, true)) {
            assertThat(unsent() - before).isBetween(1L, (long) SLICE);
            before = unsent();
            if (before < 2_000) {
                workflows.submit(Workflow.of("other", task("soon")), NOW, Map.of());
            }
        }

        assertThat(sent("soon")).as("the other has not waited").hasSize(1);
        assertThat(unsent()).isEqualTo(19_999);
        end(sent("member").get(0), TaskState.SUCCESS);
        assertThat(store.workflow(ID).revoked()).isEqualTo(19_999);
        assertThat(store.workflow(ID).ended()).isEqualTo(20_000);
        assertThat(store.node(ID, NodePath.ROOT).ended()).isEqualTo(20_000);
    }

    private long unsent() {
        return outlet.results.stream()
                .filter(result -> result.reason() != null && !result.queue().equals(Workflow.QUEUE))
                .count();
    }

    @Test
    void aCancellationGoesOnAfterACrash() {
        submit(group(tasks(5_000)).withConcurrency(1));
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, false, null, NOW));
        workflows.work(SLICE, true);
        assertThat(unsent()).isLessThan(4_999);

        var successor = new Workflows(
                store, outlet, clock, new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), 1_022_976));
        while (successor.work(SLICE, true)) {
            assertThat(unsent()).isLessThanOrEqualTo(4_999);
        }
        assertThat(unsent()).isEqualTo(4_999);
    }

    @Test
    void aRetryWaitsUntilTheLastRunIsCancelled() {
        submit(group(List.of(task("first"), chain(List.of(task("a"), task("b"))), group(tasks(3_000))))
                .withConcurrency(1));
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, false, null, NOW));
        workflows.command(new WorkflowCommand(ID, Kind.RETRY, false, null, NOW));
        assertThat(store.workflow(ID).run()).isZero();
        work();
        assertThat(store.workflow(ID).run()).isEqualTo(1);
        for (int i = 0; i < outlet.sent.size(); i++) {
            end(outlet.sent.get(i).task(), TaskState.SUCCESS);
        }
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(store.workflow(ID).ended()).isEqualTo(3_003);
        assertThat(store.workflow(ID).revoked()).isZero();
    }

    @Test
    void aRevocationTakesARetryBackThatWaits() {
        submit(group(tasks(3_000)).withConcurrency(1));
        end(sent("member").get(0), TaskState.FAILURE, TaskJson.tree(""));
        workflows.command(new WorkflowCommand(ID, Kind.RETRY, false, null, NOW));
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, false, null, NOW));
        work();

        assertThat(store.workflow(ID).run()).isZero();
        assertThat(outlet.sent).hasSize(1);
    }

    /** Nothing changes in it any more, so nothing else would publish them. */
    @Test
    void theCountsAreToldWithTheEndOfACancellation() {
        submit(group(tasks(3_000)).withConcurrency(1));
        end(sent("member").get(0), TaskState.FAILURE, TaskJson.tree(""));
        work();

        assertThat(outlet.states.get(outlet.states.size() - 1).revoked()).isEqualTo(2_999);
    }

    @Test
    void nothingIsDeletedThatIsStillToBeCancelled() {
        submit(group(List.of(group(List.of(task("bad"), group(tasks(3_000)).withConcurrency(1)))
                        .onMemberFailure(MemberPolicy.FAIL_GROUP)))
                .onMemberFailure(MemberPolicy.KEEP_GOING));
        end(sent("member").get(0), TaskState.SUCCESS);
        end(sent("bad").get(0), TaskState.FAILURE);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        end(sent("member").get(1), TaskState.SUCCESS);

        assertThat(unsent()).isEqualTo(2_998);
        assertThat(store.workflow(ID).ended()).isEqualTo(3_001);
        assertThat(store.nodes(ID)).isEmpty();
    }

    @Test
    void nothingStartsOrEndsWellBelowANodeThatHasFailed() {
        var inner = group(List.of(task("last"), task("next"))).withConcurrency(1);
        submit(group(List.of(
                task("bad"),
                chain(List.of(task("a"), task("b"))),
                group(List.of(task("only"))).then(List.of(signature("done")), List.of()),
                inner)));
        var sent = outlet.sent.size();

        end(sent("bad").get(0), TaskState.FAILURE, TaskJson.tree(""));
        end(sent("a").get(0), TaskState.SUCCESS, TaskJson.tree(""));
        end(sent("only").get(0), TaskState.SUCCESS, TaskJson.tree(""));
        end(sent("last").get(0), TaskState.SUCCESS, TaskJson.tree(""));
        work();

        assertThat(outlet.sent).as("before its members were cancelled").hasSize(sent);
        assertThat(store.node(ID, "0.2").state()).isEqualTo(TaskState.REVOKED);
        assertThat(store.node(ID, "0.2").ended()).isEqualTo(1);
        assertThat(store.workflow(ID).ended()).isEqualTo(6);
        assertThat(unsent()).isEqualTo(2);
    }

    @Test
    void deletionsThatWaitForACallbackDoNotKeepOthersFromTheirWork() {
        outlet.pending.add("slow");
        var callback = new Signature(Task.of("callback"), "slow", false);
        for (int i = 0; i < 10; i++) {
            submit("w" + i, chain(List.of(task("a"))).then(List.of(callback), List.of()));
        }
        sent("a").forEach(task -> end(task, TaskState.SUCCESS));
        outlet.pending.clear();
        submit("other", group(tasks(3)));

        assertThat(sent("callback")).hasSize(10);
        assertThat(sent("member")).hasSize(3);
    }

    @Test
    void aLargeGroupKeepsNoSmallOneWaiting() {
        workflows.submit(Workflow.of("large", items(20_000)), NOW, Map.of());
        workflows.submit(Workflow.of("small", group(tasks(1))), NOW, Map.of());

        workflows.work(SLICE, true);

        assertThat(sent("member")).hasSize(1);
        assertThat(sent("item").size()).isBetween(500, 1_000);
    }

    @Test
    void membersThatGetMuchAreStartedInSmallerParts() {
        submit(chain(List.of(task("a"), group(tasks(1_000)))));
        end(sent("a").get(0), TaskState.SUCCESS, TaskJson.tree("x".repeat(200_000)));

        workflows.work(SLICE, true);

        assertThat(sent("member").stream()
                        .mapToLong(task -> TaskJson.bytes(task).length)
                        .sum())
                .isPositive()
                .isLessThan(8L << 20);
    }

    /** It ran when the workflow was revoked, and has succeeded. */
    @Test
    void aRetryOfATaskThatHasSucceededMeanwhileEnds() {
        submit(task("a"));
        command(Kind.REVOKE);
        end(sent("a").get(0), TaskState.SUCCESS);

        command(Kind.RETRY);

        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void membersThatComeAfterAFailureAreRunByARetry() {
        submit(group(tasks(1)).asOpen());
        end(sent("member").get(0), TaskState.FAILURE);
        workflows.append(new GroupAppend(ID, NodePath.ROOT, 1, tasks(2)));
        workflows.complete(new GroupComplete(ID, NodePath.ROOT, 3));
        work();
        assertThat(sent("member")).hasSize(1);

        command(Kind.RETRY);
        sent("member").stream().skip(1).forEach(task -> end(task, TaskState.SUCCESS));

        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(root().result()).hasSize(3);
    }

    /** The command to revoke the first run is still on its way to the workers when the retry comes. */
    @Test
    void aTaskOfTheRunBeforeThatEndsAsRevokedRunsAgain() {
        submit(chain(List.of(task("a"), task("b"))));
        command(Kind.REVOKE);
        command(Kind.RETRY);

        end(sent("a").get(0), TaskState.REVOKED);

        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        assertThat(sent("a")).hasSize(2);
        end(sent("a").get(1), TaskState.SUCCESS);
        end(sent("b").get(0), TaskState.SUCCESS);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void aMemberOfTheRunBeforeThatFailsAfterTheRetryRunsAgain() {
        submit(group(List.of(task("bad"), task("slow"))));
        end(sent("bad").get(0), TaskState.FAILURE);
        command(Kind.RETRY);

        end(sent("slow").get(0), TaskState.FAILURE);

        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        end(sent("slow").get(1), TaskState.SUCCESS);
        end(sent("bad").get(1), TaskState.SUCCESS);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void aRevocationReachesTheTasksOfAllRuns() {
        submit(group(tasks(2_000)));
        end(sent("member").get(0), TaskState.FAILURE);
        command(Kind.RETRY);
        command(Kind.REVOKE);

        assertThat(outlet.commands)
                .extracting(revocation -> revocation.id())
                .contains(WorkflowIds.ofRun(ID, 0), WorkflowIds.ofRun(ID, 1));
    }

    @Test
    void aWorkflowWithATaskThatTellsNoEndIsForgottenAtLast() {
        submit(chain(List.of(task("a"), task("b"))));
        command(Kind.REVOKE);

        clock.advance(Duration.ofDays(32));
        work();

        assertThat(store.size()).isZero();
    }

    @Test
    void theLastCountsOfAWorkflowThatHasEndedArePublished() {
        submit(group(List.of(
                        group(List.of(task("bad"), task("slow"))).onMemberFailure(MemberPolicy.FAIL_GROUP),
                        task("good")))
                .onMemberFailure(MemberPolicy.KEEP_GOING));
        end(sent("bad").get(0), TaskState.FAILURE);
        end(sent("good").get(0), TaskState.SUCCESS);
        workflows.publishChanges();

        end(sent("slow").get(0), TaskState.SUCCESS);

        var last = outlet.states.get(outlet.states.size() - 1);
        assertThat(last.ended()).isEqualTo(last.tasks());
    }

    @Test
    void theTasksThatAreUnderWayArePublishedBeforeTheFirstEnds() {
        submit(group(tasks(3)));

        workflows.publishChanges();

        assertThat(outlet.states.get(outlet.states.size() - 1).underWay()).isEqualTo(3);
    }

    @Test
    void aResultMakesRoomForTheLabels() {
        var labels = new HashMap<String, String>();
        for (int i = 0; i < 100; i++) {
            labels.put("l" + i, "x".repeat(1_000));
        }
        workflows.submit(new Workflow(ID, null, labels, null, chain(List.of(task("a"))), null, null), NOW, Map.of());

        end(sent("a").get(0), TaskState.SUCCESS, TaskJson.tree("x".repeat(1_000_000)));

        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(root().result().has("$group")).isTrue();
        assertThat(TaskJson.bytes(root()).length).isLessThan(1_022_976);
    }

    @Test
    void aListThatFitsNoRecordIsWrittenInParts() {
        submit(chain(List.of(group(tasks(100)), task("body"))));
        endMembers(100_000);

        var body = sent("body").get(0);
        assertThat(GroupReference.of(body.args().get(0)).orElseThrow().size()).isEqualTo(100);
        checkList("0.0", 100);
        end(body, TaskState.SUCCESS);
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
        assertThat(store.nodes(ID)).isEmpty();
    }

    /** Ends each member with its index, and many bytes. */
    private void endMembers(int bytes) {
        for (int i = 0; i < sent("member").size(); i++) {
            var result = TaskJson.tree(List.of(i, "x".repeat(bytes)));
            end(sent("member").get(i), TaskState.SUCCESS, result);
        }
        work();
    }

    private void checkList(String group, int size) {
        var parts =
                outlet.parts.stream().filter(part -> part.node().equals(group)).toList();
        assertThat(parts)
                .extracting(part -> part.part())
                .containsExactlyElementsOf(
                        IntStream.range(0, parts.size()).boxed().toList());
        assertThat(parts).filteredOn(part -> part.last()).containsExactly(parts.get(parts.size() - 1));
        assertThat(parts)
                .allSatisfy(part -> assertThat(TaskJson.bytes(part).length).isLessThan(1_022_976));
        assertThat(parts.stream()
                        .flatMap(part -> part.values().stream())
                        .map(value -> value.get(0).asInt()))
                .containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
    }

    @Test
    void aListOfListsIsWrittenFromTheInside() {
        submit(chain(List.of(group(List.of(group(tasks(20)), task("small"))), task("body"))));
        endMembers(20_000);
        end(sent("small").get(0), TaskState.SUCCESS, TaskJson.tree("x".repeat(300_000)));
        work();

        var outer = GroupReference.of(sent("body").get(0).args().get(0)).orElseThrow();
        assertThat(outer.node()).isEqualTo("0.0");
        checkList("0.0.0", 20);
        var entries = outlet.parts.stream()
                .filter(part -> part.node().equals("0.0"))
                .flatMap(part -> part.values().stream())
                .toList();
        assertThat(entries).hasSize(2);
        assertThat(GroupReference.of(entries.get(0)).orElseThrow().node()).isEqualTo("0.0.0");
    }

    @Test
    void aCallbackGetsALargeListByReference() {
        submit(group(tasks(12)).then(List.of(signature("done")), List.of()));
        endMembers(100_000);

        assertThat(GroupReference.of(sent("done").get(0).args().get(0))
                        .orElseThrow()
                        .size())
                .isEqualTo(12);
        assertThat(root().result().get("$group").isString()).isTrue();
        checkList("0", 12);
    }

    /** What fits by itself may not fit beside the arguments of the task. */
    @Test
    void aListThatDoesNotFitBesideTheArgumentsGoesByReference() {
        var body = Task.named("body").args(TaskJson.tree("y".repeat(900_000))).build();
        submit(chain(List.of(group(tasks(2)), WorkflowNode.task(Signature.of(body)))));
        endMembers(100_000);

        assertThat(GroupReference.of(sent("body").get(0).args().get(0))).isPresent();
    }

    @Test
    void aListIsWrittenOnAfterACrash() {
        submit(chain(List.of(group(tasks(200)), task("body"))));
        for (int i = 0; i < 200; i++) {
            end(sent("member").get(i), TaskState.SUCCESS, TaskJson.tree(List.of(i, "x".repeat(50_000))));
        }
        workflows.work(20, true);
        assertThat(outlet.parts).isNotEmpty();
        assertThat(sent("body")).isEmpty();

        var successor = new Workflows(
                store, outlet, clock, new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), 1_022_976));
        while (successor.work(20, true)) {
            assertThat(outlet.parts).hasSizeLessThanOrEqualTo(50);
        }
        assertThat(sent("body")).hasSize(1);
        checkList("0.0", 200);
    }

    /** Members that were sent in time may stand in a topic that nobody could read. */
    @Test
    void anOpenGroupWaitsWhileMembersMayStandUnread() {
        submit(group(tasks(1)).asOpen());
        clock.advance(Duration.ofMinutes(11));

        workflows.work(SLICE, false);
        assertThat(root().state()).isEqualTo(TaskState.STARTED);
        workflows.begin();
        work();
        assertThat(root().state())
                .as("a new owner waits for the whole time again")
                .isEqualTo(TaskState.STARTED);
        clock.advance(Duration.ofMinutes(11));
        work();

        assertThat(root().error().type()).isEqualTo("IncompleteGroup");
    }

    @Test
    void aTaskThatCannotBeSentRunsItsOnFailure() {
        outlet.absent.put("nowhere", "no topic");
        var alarm = new Signature(Task.of("alarm"), "default", false);
        var lost = Task.named("a").onFailure(List.of(alarm)).build();

        submit(chain(List.of(WorkflowNode.task(new Signature(lost, "nowhere", false)))));

        assertThat(root().state()).isEqualTo(TaskState.FAILURE);
        assertThat(sent("alarm")).hasSize(1);
    }

    @Test
    void aCallbackThatCannotBeSentFailsByItself() {
        outlet.absent.put("nowhere", "no topic");
        outlet.absent.put("neither", "no topic");
        outlet.pending.add("slow");
        var callbacks = Stream.of("nowhere", "slow", "neither")
                .map(queue -> new Signature(Task.of("callback"), queue, false))
                .toList();
        submit(group(tasks(1)).then(callbacks, List.of()));
        end(sent("member").get(0), TaskState.SUCCESS);
        assertThat(sent("callback")).isEmpty();

        outlet.pending.clear();
        work();

        assertThat(outlet.sent)
                .filteredOn(sent -> sent.task().task().equals("callback"))
                .extracting(Sent::queue)
                .containsExactly("slow");
        assertThat(outlet.results)
                .filteredOn(result -> result.state() == TaskState.FAILURE)
                .extracting(TaskResult::queue)
                .containsExactlyInAnyOrder("nowhere", "neither");
        assertThat(root().state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void aRetryWaitsForTheCallbacksOfTheRunBefore() {
        outlet.pending.add("slow");
        var callback = new Signature(Task.of("alarm"), "slow", false);
        submit(chain(List.of(task("a"))).then(List.of(), List.of(callback)));
        end(sent("a").get(0), TaskState.FAILURE);
        command(Kind.RETRY);
        assertThat(sent("a")).hasSize(1);

        outlet.pending.clear();
        work();

        assertThat(sent("alarm")).hasSize(1);
        assertThat(sent("a")).hasSize(2);
    }

    @Test
    void appendedMembersMakeNoTreeDeeperThanAWorkflowMayBe() {
        submit(group(List.of()).asOpen());
        WorkflowNode deep = group(List.of()).asOpen();
        for (int i = 0; i < 99; i++) {
            deep = group(List.of(deep));
        }
        var append = new GroupAppend(ID, NodePath.ROOT, 0, List.of(deep));

        Assertions.assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> workflows.append(append))
                .withMessageContaining("deeper");
    }

    @Test
    void aTaskThatIsLargeIsNotWrittenOutForVeryManyItems() {
        var large = Signature.of(Task.of("m", "x".repeat(100_000)));
        var items = IntStream.range(0, 5_000).<JsonNode>mapToObj(TaskJson::tree).toList();

        Assertions.assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> WorkflowNode.map(large, items))
                .withMessageContaining("5000");
    }

    @Test
    void aWorkflowWhoseJobCannotBeDoneFails() {
        submit(group(tasks(1)));

        workflows.giveUp(new Job(Job.Kind.START_MEMBERS, ID, NodePath.ROOT, null), "it broke");

        assertThat(root().state()).isEqualTo(TaskState.FAILURE);
        assertThat(root().error().type()).isEqualTo("CoordinatorFault");
    }
}
