package io.celeriac.results.outline;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.WorkflowNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NodeOutlineTest {

    private static final Signature PAY = Signature.of(
            Task.named("pay").args("4111-1111").kwarg("pin", "0000").build());

    @Test
    void keepsTheShapeAndNoArguments() {
        var tree = WorkflowNode.chain(List.of(
                        WorkflowNode.task(PAY).then(List.of(PAY), List.of()),
                        WorkflowNode.chord(WorkflowNode.map(PAY, items(3)).withConcurrency(2), WorkflowNode.task(PAY))))
                .named("order");

        var outline = NodeOutline.read(NodeOutline.of(tree).json());

        assertThat(outline.json()).doesNotContain("4111", "0000");
        assertThat(outline).isEqualTo(NodeOutline.of(tree));
        assertThat(outline.name()).isEqualTo("order");
        assertThat(outline.at("0.0")).hasValueSatisfying(node -> {
            assertThat(node.task()).isEqualTo("pay");
            assertThat(node.onSuccess()).containsExactly("pay");
        });
        assertThat(outline.at("0.1.0")).hasValueSatisfying(node -> {
            assertThat(node.kind()).isEqualTo(NodeKind.MAP);
            assertThat(node.children()).isEqualTo(3);
            assertThat(node.concurrency()).isEqualTo(2);
        });
        assertThat(outline.at("0.1.0.2").map(NodeOutline::kind)).contains(NodeKind.TASK);
        assertThat(outline.at("0.1.0.3")).isEmpty();
        assertThat(outline.at("0.7.1")).isEmpty();
    }

    @Test
    void hasTheSameChildrenAsTheTree() {
        var tree = WorkflowNode.chunks(PAY, lists(7), 3);

        var outline = NodeOutline.of(tree);

        assertThat(outline.children()).isEqualTo(tree.children()).isEqualTo(3);
        for (var index = 0; index < 3; index++) {
            var child = tree.child(index);
            assertThat(outline.child(index)).hasValueSatisfying(part -> {
                assertThat(part.kind()).isEqualTo(child.kind());
                assertThat(part.children()).isEqualTo(child.children());
                assertThat(part.concurrency()).isEqualTo(child.concurrency());
            });
        }
    }

    private static List<JsonNode> items(int number) {
        return IntStream.range(0, number)
                .mapToObj(item -> TaskJson.MAPPER.readTree(String.valueOf(item)))
                .toList();
    }

    private static List<JsonNode> lists(int number) {
        return IntStream.range(0, number)
                .mapToObj(item -> TaskJson.MAPPER.readTree("[" + item + "]"))
                .toList();
    }
}
