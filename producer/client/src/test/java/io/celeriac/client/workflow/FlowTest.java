package io.celeriac.client.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.client.TaskType;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.WorkflowNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowTest {

    record Page(String url) {}

    private static final TaskType<Page, Integer> FETCH = TaskType.of("fetch", Page.class, Integer.class);

    private static String json(Flow<?> flow) {
        return TaskJson.tree(flow.node()).toString();
    }

    @Test
    void composesStepByStepWhatJsonSaysAtOnce() {
        var a = Flow.task("a", 1);
        var b = Flow.task("b");
        var c = Flow.task("c");
        var expected = "{\"chain\":[{\"task\":\"a\",\"args\":[1]},{\"task\":\"b\"},{\"task\":\"c\"}]}";
        assertThat(json(a.then(b).then(c))).isEqualTo(expected);
        assertThat(json(a.then(b.then(c)))).isEqualTo(expected);
        assertThat(TaskJson.workflow(TaskJson.parse(("{\"id\":\"w\",\"root\":" + expected + "}").getBytes(UTF_8)))
                        .root())
                .isEqualTo(a.then(b).then(c).node());
    }

    @Test
    void aNamedChainStaysANodeOfItsOwn() {
        var inner = Flow.task("a").then(Flow.task("b")).named("inner");
        assertThat(inner.then(Flow.task("c")).node().nodes()).hasSize(2);
    }

    @Test
    void aChordIsAGroupAndWhatFollows() {
        Flow<List<Integer>> group =
                Flow.group(List.of(Flow.task(FETCH, new Page("x")), Flow.task(FETCH, new Page("y"))));
        assertThat(json(group.then(Flow.task("sum"))))
                .isEqualTo("{\"chain\":[{\"group\":[{\"task\":\"fetch\",\"kwargs\":{\"url\":\"x\"}},"
                        + "{\"task\":\"fetch\",\"kwargs\":{\"url\":\"y\"}}]},{\"task\":\"sum\"}]}");
        assertThat(group.result().getTypeName()).contains("Integer");
    }

    @Test
    void keepsWhatASingleTaskIsTold() {
        var flow = Flow.task("a").onQueue("mail").immutable().onSuccess(Flow.task("b"));
        assertThat(json(flow)).contains("\"queue\":\"mail\"", "\"immutable\":true", "\"onSuccess\":[{\"task\":\"b\"}]");
    }

    @Test
    void refusesForAGroupWhatBelongsToATask() {
        assertThatThrownBy(() -> Flow.group(Flow.task("a")).onQueue("mail")).hasMessage("a group is not a single task");
        assertThatThrownBy(() -> Flow.task("a").concurrency(2)).hasMessage("concurrency belongs to a group");
    }

    @Test
    void mapsItemsCompactly() {
        assertThat(json(Flow.map(Task.of("square", 2), List.of(1, 2))))
                .isEqualTo("{\"map\":{\"task\":{\"task\":\"square\",\"args\":[2]},\"items\":[1,2]}}");
        WorkflowNode first =
                Flow.map(Task.of("square", 2), List.of(1, 2)).node().child(0);
        assertThat(TaskJson.tree(first).toString()).isEqualTo("{\"task\":\"square\",\"args\":[1,2]}");
    }
}
