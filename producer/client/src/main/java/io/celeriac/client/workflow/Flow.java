package io.celeriac.client.workflow;

import io.celeriac.client.TaskType;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.MemberOutcome;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.WorkflowNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task, or tasks that are composed, like Celery's canvas. Immutable; composing sends nothing.
 *
 * <pre>{@code
 * Flow.task("order.load", 17).then(Flow.task("order.bill")).then(Flow.task("order.mail"));    // a chain
 * Flow.group(Flow.task("demo.add", 1, 2), Flow.task("demo.add", 3, 4));                       // a group
 * Flow.group(pages.stream().map(p -> Flow.task(FETCH, p)).toList()).then(Flow.task("index")); // a chord
 * }</pre>
 *
 * <p>Each task gets the result of the one before as its first argument, unless it is {@link #immutable}. A task after a group gets the list
 * of the group's results.
 *
 * @param <R> type of the result
 */
public final class Flow<R> {

    private final WorkflowNode node;
    private final Type result;

    private Flow(WorkflowNode node, Type result) {
        this.node = node;
        this.result = result;
    }

    /** A list type, which Java can name only in code. */
    private record ListOf(Type element) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {element};
        }

        @Override
        public Type getRawType() {
            return List.class;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }
    }

    /** A task by name, with arguments that are written as JSON. */
    public static Flow<JsonNode> task(String name, @Nullable Object... args) {
        return task(Task.of(name, args));
    }

    /**
     * A task without id.
     *
     * @throws io.celeriac.contract.rule.InvalidTaskException when it has an id, as ids within a workflow follow from its own
     */
    public static Flow<JsonNode> task(Task task) {
        return new Flow<>(WorkflowNode.task(Signature.of(task)), JsonNode.class);
    }

    /** A typed task. */
    public static <A, R> Flow<R> task(TaskType<A, R> type, A arguments) {
        return new Flow<>(WorkflowNode.task(Signature.of(type.with(arguments))), type.result());
    }

    /** A tree that was made elsewhere. */
    public static Flow<JsonNode> of(WorkflowNode node) {
        return new Flow<>(node, JsonNode.class);
    }

    /** Tasks or flows that run at the same time. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <R> Flow<List<R>> group(Flow<R>... members) {
        return group(Arrays.asList(members));
    }

    /** Tasks or flows that run at the same time. The group may be empty. */
    public static <R> Flow<List<R>> group(Collection<Flow<R>> members) {
        var element = members.stream().map(member -> member.result).findFirst().orElse(JsonNode.class);
        return new Flow<>(WorkflowNode.group(members.stream().map(Flow::node).toList()), new ListOf(element));
    }

    /** A group of one task for each item; the item is the task's first argument. */
    public static Flow<List<JsonNode>> map(Task task, Collection<?> items) {
        return new Flow<>(WorkflowNode.map(Signature.of(task), trees(items)), new ListOf(JsonNode.class));
    }

    /** A group of one task for each item; each item is the list of the task's arguments. */
    public static Flow<List<JsonNode>> starmap(Task task, Collection<? extends Collection<?>> items) {
        return new Flow<>(WorkflowNode.starmap(Signature.of(task), trees(items)), new ListOf(JsonNode.class));
    }

    /**
     * A starmap in parts, whose items run one after another; the result is a list for each part.
     *
     * @param size items in a part, ≥ 1
     */
    public static Flow<List<List<JsonNode>>> chunks(Task task, Collection<? extends Collection<?>> items, int size) {
        return new Flow<>(
                WorkflowNode.chunks(Signature.of(task), trees(items), size), new ListOf(new ListOf(JsonNode.class)));
    }

    private static List<JsonNode> trees(Collection<?> items) {
        return items.stream().<JsonNode>map(TaskJson::tree).toList();
    }

    /** This, and then another with its result. After a group this is Celery's chord. */
    public <S> Flow<S> then(Flow<S> next) {
        var steps = new ArrayList<WorkflowNode>();
        if (isPlainChain(node)) {
            steps.addAll(node.nodes());
        } else {
            steps.add(node);
        }
        if (isPlainChain(next.node)) {
            steps.addAll(next.node.nodes());
        } else {
            steps.add(next.node);
        }
        return new Flow<>(WorkflowNode.chain(steps), next.result);
    }

    private static boolean isPlainChain(WorkflowNode node) {
        return node.kind() == NodeKind.CHAIN && node.equals(WorkflowNode.chain(node.nodes()));
    }

    /** This, and then a typed task with its result as the first argument. */
    public <A, S> Flow<S> then(TaskType<A, S> type, A arguments) {
        return then(task(type, arguments));
    }

    /** A name for people. */
    public Flow<R> named(String name) {
        return with(node -> node.named(name));
    }

    /** The queue of a single task, in place of the workflow's. */
    public Flow<R> onQueue(String queue) {
        return with(node -> WorkflowNode.task(new Signature(single().task(), queue, single().immutable()))
                .named(node.name()));
    }

    /** A single task that gets its own arguments only. */
    public Flow<R> immutable() {
        return with(node -> WorkflowNode.task(new Signature(single().task(), single().queue(), true))
                .named(node.name()));
    }

    private Signature single() {
        var task = node.task();
        if (node.kind() != NodeKind.TASK || task == null) {
            throw new IllegalStateException("a " + node.kind().word() + " is not a single task");
        }
        return task;
    }

    /** A group of which at most that many members run at the same time. */
    public Flow<R> concurrency(int most) {
        return with(node -> node.withConcurrency(most));
    }

    /** A group that waits for all its members and succeeds whatever becomes of them. Its result says how each has ended. */
    public Flow<List<MemberOutcome>> keepGoing() {
        return new Flow<>(node.onMemberFailure(MemberPolicy.KEEP_GOING), new ListOf(MemberOutcome.class));
    }

    /** Single tasks to send when this has succeeded; they get its result. Their ends are not waited for. */
    public Flow<R> onSuccess(Flow<?>... tasks) {
        return with(node -> node.then(signatures(tasks), failures()));
    }

    /** Single tasks to send when this has failed; they get its id, its name and the error. Their ends are not waited for. */
    public Flow<R> onFailure(Flow<?>... tasks) {
        return with(node -> node.then(successes(), signatures(tasks)));
    }

    private List<Signature> successes() {
        return node.kind() == NodeKind.TASK ? single().task().onSuccess() : node.onSuccess();
    }

    private List<Signature> failures() {
        return node.kind() == NodeKind.TASK ? single().task().onFailure() : node.onFailure();
    }

    private static List<Signature> signatures(Flow<?>... tasks) {
        return Arrays.stream(tasks).map(Flow::single).toList();
    }

    private Flow<R> with(UnaryOperator<WorkflowNode> change) {
        return new Flow<>(change.apply(node), result);
    }

    /** The tree, as it goes over the wire. */
    public WorkflowNode node() {
        return node;
    }

    Type result() {
        return result;
    }
}
