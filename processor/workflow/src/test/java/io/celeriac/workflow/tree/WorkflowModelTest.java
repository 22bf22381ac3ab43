package io.celeriac.workflow.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowCommand.Kind;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Any tree, any outcome of its tasks, any order of their ends, with repeated events, restarts, revocations and retries. One rule is
 * checked: every node ends when the event comes that decides it, exactly once.
 */
class WorkflowModelTest {

    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
    private static final String ID = "w";

    private final MutableClock clock = MutableClock.at(NOW);
    private final List<Task> running = new ArrayList<>();
    private final List<MemberEnded> told = new ArrayList<>();
    private MapStore store = new MapStore();
    private RecordingOutlet outlet = new RecordingOutlet();
    private Workflows workflows = coordinator();
    private int seen;

    @BeforeTry
    void beginAnew() {
        running.clear();
        told.clear();
        store = new MapStore();
        outlet = new RecordingOutlet();
        workflows = coordinator();
        seen = 0;
    }

    private Workflows coordinator() {
        return new Workflows(
                store, outlet, clock, new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), 1_000_000));
    }

    /** How a tree ends, by its structure alone. */
    private record Ending(boolean succeeded, JsonNode value) {}

    private static Ending ending(
            WorkflowNode node, String path, @Nullable JsonNode input, Predicate<String> fails, MemberPolicy inherited) {
        var nothing = JsonNodeFactory.instance.nullNode();
        if (node.kind() == NodeKind.TASK) {
            return fails.test(path)
                    ? new Ending(false, nothing)
                    : new Ending(true, result(path, input == null ? List.of() : List.of(input)));
        }
        if (!node.kind().isGroup()) {
            var last = input;
            for (int i = 0; i < node.children(); i++) {
                var child = ending(node.child(i), NodePath.child(path, i), last, fails, inherited);
                if (!child.succeeded) {
                    return child;
                }
                last = child.value;
            }
            return new Ending(true, last == null ? nothing : last);
        }
        var list = JsonNodeFactory.instance.arrayNode();
        var policy = node.onMemberFailure() == null ? inherited : node.onMemberFailure();
        for (int i = 0; i < node.children(); i++) {
            var child = ending(node.child(i), NodePath.child(path, i), input, fails, inherited);
            if (!child.succeeded && policy == MemberPolicy.FAIL_GROUP) {
                return child;
            }
            list.add(
                    policy == MemberPolicy.FAIL_GROUP
                            ? child.value
                            : JsonNodeFactory.instance.booleanNode(child.succeeded));
        }
        return new Ending(true, list);
    }

    /** What the task of a node returns: its path, and a trace of what it got that does not grow. */
    private static JsonNode result(String path, List<JsonNode> args) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("at", path)
                .put("got", TaskJson.tree(args).toString().hashCode());
    }

    /** The values of a keepGoing group as {@link #ending} has them: only whether a member succeeded. */
    private static JsonNode simplified(JsonNode value) {
        if (value.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> list.add(
                    item.has("state")
                            ? JsonNodeFactory.instance.booleanNode(
                                    item.get("state").stringValue().equals("SUCCESS"))
                            : simplified(item)));
            return list;
        }
        return value;
    }

    @Provide
    Arbitrary<WorkflowNode> trees() {
        return Arbitraries.recursive(WorkflowModelTest::leaf, WorkflowModelTest::inner, 0, 4);
    }

    private static Arbitrary<WorkflowNode> leaf() {
        return Arbitraries.of("a", "b").map(name -> WorkflowNode.task(Signature.of(Task.of(name))));
    }

    private static Arbitrary<WorkflowNode> inner(Arbitrary<WorkflowNode> child) {
        var children = child.list().ofMaxSize(4);
        var concurrency = Arbitraries.of(0, 1, 2).map(most -> most == 0 ? null : most);
        var group = children.flatMap(nodes -> concurrency.flatMap(most -> Arbitraries.of(
                        MemberPolicy.FAIL_GROUP, MemberPolicy.KEEP_GOING)
                .map(policy -> WorkflowNode.group(nodes).withConcurrency(most).onMemberFailure(policy))));
        var withCallbacks = group.map(
                node -> node.then(List.of(Signature.of(Task.of("done"))), List.of(Signature.of(Task.of("broken")))));
        return Arbitraries.oneOf(
                children.map(WorkflowNode::chain),
                group,
                withCallbacks,
                group.flatMap(header -> child.map(body -> WorkflowNode.chord(header, body))),
                Arbitraries.integers()
                        .between(0, 4)
                        .map(n -> WorkflowNode.chunks(
                                Signature.of(Task.of("part")),
                                IntStream.range(0, n)
                                        .mapToObj(i -> TaskJson.tree(List.of()))
                                        .toList(),
                                2)));
    }

    @Property(tries = 600)
    void everyNodeEndsOnceWhateverTheOrder(
            @ForAll("trees") WorkflowNode tree, @ForAll long seed, @ForAll boolean mayFail) {
        var random = new Random(seed);
        Predicate<String> fails = path -> mayFail && path.hashCode() * 31L % 7 == seed % 7;
        workflows.submit(Workflow.of(ID, tree), NOW, Map.of());
        settle();
        while (!running.isEmpty()) {
            checkNothingIsStuck();
            end(running.remove(random.nextInt(running.size())), fails);
            if (random.nextInt(4) == 0) {
                workflows = coordinator(); // a crash: what is in memory is lost
            }
            if (random.nextInt(4) == 0) {
                workflows.ended(told.get(random.nextInt(told.size())), false);
                workflows.submit(Workflow.of(ID, tree), NOW, Map.of());
            }
            settleMostly(random);
        }
        var expected = ending(tree, NodePath.ROOT, null, fails, MemberPolicy.FAIL_GROUP);
        checkEnded(expected.succeeded ? TaskState.SUCCESS : TaskState.FAILURE);
        if (expected.succeeded) {
            assertThat(simplified(last().result())).isEqualTo(expected.value);
        }
    }

    @Property(tries = 400)
    void everyNodeEndsWhenTheWorkflowIsRevoked(@ForAll("trees") WorkflowNode tree, @ForAll long seed) {
        var random = new Random(seed);
        workflows.submit(Workflow.of(ID, tree), NOW, Map.of());
        settle();
        var before = random.nextInt(6);
        for (int i = 0; i < before && !running.isEmpty(); i++) {
            end(running.remove(random.nextInt(running.size())), path -> false);
            settleMostly(random);
        }
        var wasFinal = last().state().isFinal();
        workflows.command(new WorkflowCommand(ID, Kind.REVOKE, true, null, NOW));
        settleMostly(random);
        assertThat(last().state().isFinal()).isTrue();
        var sent = outlet.sent.size();
        while (!running.isEmpty()) {
            end(running.remove(random.nextInt(running.size())), path -> random.nextBoolean());
            settleMostly(random);
        }
        settle();
        assertThat(outlet.sent).as("sent after the revocation").hasSize(sent);
        checkEnded(wasFinal ? last().state() : TaskState.REVOKED);
    }

    @Property(tries = 400)
    void aRetryRunsWhatHasNotSucceededAndNothingElse(@ForAll("trees") WorkflowNode tree, @ForAll long seed) {
        var random = new Random(seed);
        workflows.submit(Workflow.of(ID, tree), NOW, Map.of());
        settle();
        var failed = new HashSet<String>();
        while (!running.isEmpty() && !last().state().isFinal()) {
            end(running.remove(random.nextInt(running.size())), path -> random.nextInt(3) == 0 && failed.add(path));
            settleMostly(random);
        }
        if (last().state() == TaskState.SUCCESS) {
            return;
        }
        var succeeded = new HashSet<String>();
        store.nodes(ID).forEach((path, node) -> {
            if (node.isTask() && node.state() == TaskState.SUCCESS) {
                succeeded.add(path);
            }
        });
        var first = outlet.sent.size();
        workflows.command(new WorkflowCommand(ID, Kind.RETRY, false, null, NOW));
        settle();
        while (!running.isEmpty()) {
            checkNothingIsStuck();
            end(running.remove(random.nextInt(running.size())), path -> false);
            settleMostly(random);
        }
        checkEnded(TaskState.SUCCESS);
        assertThat(outlet.sent.subList(first, outlet.sent.size()))
                .filteredOn(sent -> sent.task().workflow() != null)
                .noneMatch(sent -> succeeded.contains(sent.task().workflow().node()));
    }

    /** Does the work that is due, and takes what was sent. */
    private void settle() {
        while (workflows.work(2, true)) {
            checkTaken();
        }
        checkTaken();
        workflows.publishChanges();
    }

    /** Now and then the next event comes before the work is done. */
    private void settleMostly(Random random) {
        if (running.isEmpty() || random.nextInt(3) > 0) {
            settle();
        } else {
            workflows.work(2, true);
            checkTaken();
        }
    }

    private void checkTaken() {
        for (; seen < outlet.sent.size(); seen++) {
            var task = outlet.sent.get(seen).task();
            if (task.workflow() != null) {
                running.add(task);
            }
        }
    }

    private void end(Task task, Predicate<String> fails) {
        var path = task.workflow().node();
        var event = fails.test(path)
                ? new MemberEnded(
                        ID, path, task.id(), TaskState.FAILURE, null, new TaskError("Boom", path, null), NOW, NOW)
                : new MemberEnded(
                        ID,
                        path,
                        task.id(),
                        TaskState.SUCCESS,
                        result(
                                path,
                                task.args().stream()
                                        .map(WorkflowModelTest::simplified)
                                        .toList()),
                        null,
                        NOW,
                        NOW);
        told.add(event);
        workflows.ended(event, false);
    }

    private TaskResult last() {
        return outlet.results.stream()
                .filter(result -> result.queue().equals(Workflow.QUEUE))
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    /** Nothing waits for anything that does not come: while the root runs, a task runs. */
    private void checkNothingIsStuck() {
        assertThat(store.workflow(ID).running()).isEqualTo(running.size());
    }

    private void checkEnded(TaskState state) {
        assertThat(last().state()).isEqualTo(state);
        var ids = outlet.sent.stream().map(sent -> sent.task().id()).toList();
        assertThat(ids).doesNotHaveDuplicates();
        var workflow = store.workflow(ID);
        assertThat(workflow.state()).isEqualTo(state);
        assertThat(workflow.running()).isZero();
        assertThat(workflow.ended()).isEqualTo(workflow.tasks());
        var finals = outlet.results.stream()
                .filter(result ->
                        result.queue().equals(Workflow.QUEUE) && result.state().isFinal())
                .map(TaskResult::id)
                .toList();
        assertThat(finals).as("the end of each run, told once").doesNotHaveDuplicates();
        var nodes = store.nodes(ID);
        if (state == TaskState.SUCCESS) {
            assertThat(nodes).as("nothing is kept of what has succeeded").isEmpty();
            return;
        }
        assertThat(nodes)
                .allSatisfy((path, node) -> assertThat(node.state().isFinal()).isTrue());
        var tasks = new TreeMap<>(nodes);
        tasks.values().removeIf(node -> !node.isTask());
        assertThat(tasks).hasSize(workflow.tasks());
        assertThat(tasks.values())
                .filteredOn(node -> node.state() == TaskState.FAILURE)
                .hasSize(workflow.failed());
        assertThat(tasks.values())
                .filteredOn(node -> node.state() == TaskState.REVOKED)
                .hasSize(workflow.revoked());
        nodes.forEach((path, node) -> {
            if (!node.isTask()) {
                assertThat(node.ended()).as(path).isEqualTo(node.children());
            }
        });
    }
}
