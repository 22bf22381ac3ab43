package io.celeriac.client.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkflowPartsTest {

    private static final int MOST = 2_000;

    private static Flow<?> members(int n) {
        return Flow.group(IntStream.range(0, n)
                        .mapToObj(i -> Flow.task("member", i))
                        .toList())
                .named("members");
    }

    @Test
    void leavesASmallWorkflowWhole() {
        var workflow = Workflow.of("w", members(3).node());
        assertThat(new WorkflowParts(MOST).of(workflow)).containsExactly(workflow);
    }

    @Test
    void dividesTheMembersOfALargeGroup() {
        var workflow = Workflow.of(
                "w",
                Flow.task("first").then(members(500)).then(Flow.task("body")).node());
        var records = new WorkflowParts(MOST).of(workflow);
        assertThat(records)
                .allSatisfy(record -> assertThat(TaskJson.bytes(record).length).isLessThanOrEqualTo(MOST));
        var group = ((Workflow) records.get(0)).root().nodes().get(1);
        assertThat(group.open()).isTrue();
        assertThat(group.name()).isEqualTo("members");
        var members = new ArrayList<WorkflowNode>();
        for (var record : records.subList(1, records.size() - 1)) {
            var append = (GroupAppend) record;
            assertThat(append.node()).isEqualTo("0.1");
            assertThat(append.from()).isEqualTo(members.size());
            members.addAll(append.append());
        }
        assertThat(members).isEqualTo(members(500).node().nodes());
        assertThat(records.get(records.size() - 1)).isEqualTo(new GroupComplete("w", "0.1", 500));
    }

    @Test
    void dividesNoMoreGroupsThanItMustAndManyOfThemAtOnce() {
        var steps = new ArrayList<WorkflowNode>();
        for (var i = 0; i < 300; i++) {
            steps.add(members(20 + i).node());
        }
        var workflow = Workflow.of("w", WorkflowNode.chain(steps));
        var most = 100_000;
        var records = new WorkflowParts(most).of(workflow);
        assertThat(records)
                .allSatisfy(record -> assertThat(TaskJson.bytes(record).length).isLessThanOrEqualTo(most));
        var nodes = ((Workflow) records.get(0)).root().nodes();
        var open = nodes.stream().filter(WorkflowNode::open).count();
        assertThat(nodes.stream().skip(300 - open)).allMatch(WorkflowNode::open);
        assertThat(records.stream().filter(GroupComplete.class::isInstance)).hasSize((int) open);
        assertThat(open).isBetween(1L, 299L);
        var largestLeft = TaskJson.bytes(nodes.get(299 - (int) open)).length;
        assertThat(TaskJson.bytes(records.get(0)).length).isGreaterThan(most - largestLeft);
    }

    @Test
    void dividesAMapToo() {
        var items = IntStream.range(0, 1_000).boxed().toList();
        var map = Flow.map(Task.of("square"), items);
        var records = new WorkflowParts(MOST).of(Workflow.of("w", map.node()));
        assertThat(records.get(records.size() - 1)).isEqualTo(new GroupComplete("w", "0", 1_000));
    }

    @Test
    void refusesWhatCannotBeDivided() {
        var large = Flow.task("a", "x".repeat(MOST));
        assertThatThrownBy(() -> new WorkflowParts(MOST).of(Workflow.of("w", large.node())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("without the members of its groups");
        assertThatThrownBy(() -> new WorkflowParts(MOST)
                        .of(Workflow.of("w", Flow.group(List.of(large, large)).node())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("does not fit into a record");
    }
}
