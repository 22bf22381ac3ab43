package io.celeriac.contract.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowNodeTest {

    private static WorkflowRecord read(String json) {
        return TaskJson.workflowRecord(json.getBytes(UTF_8));
    }

    private static WorkflowNode root(String json) {
        return ((Workflow) read("{\"id\":\"w\",\"root\":" + json + "}")).root();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"task\":\"a\"}",
                "{\"task\":\"a\",\"queue\":\"mail\",\"immutable\":true,\"name\":\"first\"}",
                "{\"chain\":[{\"task\":\"a\"},{\"group\":[]}],\"name\":\"c\"}",
                "{\"group\":[{\"task\":\"a\"}],\"concurrency\":2,\"open\":true,\"onMemberFailure\":\"keepGoing\"}",
                "{\"chord\":{\"header\":[{\"task\":\"a\"}],\"body\":{\"task\":\"b\"}},\"onFailure\":[{\"task\":\"f\"}]}",
                "{\"chord\":{\"header\":{\"map\":{\"task\":{\"task\":\"a\"},\"items\":[1]}},\"body\":{\"task\":\"b\"}}}",
                "{\"map\":{\"task\":{\"task\":\"a\"},\"items\":[1,[2]]}}",
                "{\"starmap\":{\"task\":{\"task\":\"a\"},\"items\":[[1,2]]}}",
                "{\"chunks\":{\"task\":{\"task\":\"a\"},\"items\":[[1],[2],[3]],\"size\":2}}"
            })
    void writesWhatItHasRead(String json) {
        var node = root(json);
        assertThat(TaskJson.parse(TaskJson.bytes(node))).isEqualTo(TaskJson.parse(json.getBytes(UTF_8)));
        assertThat(root(TaskJson.tree(node).toString())).isEqualTo(node);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | root must be a node: an object with a task, a chain, a group, a chord, a map, a starmap or chunks",
                "{} | root.task is required",
                "{\"chainz\":[]} | root.chainz is not known; a node has a task, a chain",
                "{\"chain\":[{\"args\":[1]}]} | root.chain[0].task is required",
                "{\"chain\":7} | root.chain must be a list of nodes",
                "{\"chain\":[{\"group\":[{\"task\":\"!\"}]}]} | root.chain[0].group[0].task must match",
                "{\"chain\":[],\"group\":[]} | root.group must not stand beside chain: a node has one kind",
                "{\"chain\":[],\"args\":[1]} | root.args is not known beside chain",
                "{\"chord\":{\"header\":[],\"body\":{\"task\":\"a\"},\"onFailure\":[]}} | root.chord.onFailure must stand beside chord",
                "{\"map\":{\"task\":{\"task\":\"a\"},\"items\":[1],\"itemz\":[2]}} | root.map.itemz is not known",
                "{\"chain\":[],\"concurrency\":2} | root.concurrency belongs to a group",
                "{\"group\":[],\"concurrency\":0} | root.concurrency must be from 1",
                "{\"group\":[],\"concurrency\":\"two\"} | root.concurrency must be a whole number",
                "{\"group\":[],\"onMemberFailure\":\"panic\"} | root.onMemberFailure must be one of",
                "{\"chord\":{\"header\":[]}} | root.chord must have a header and a body",
                "{\"chord\":{\"header\":{\"task\":\"a\"},\"body\":{\"task\":\"b\"}}} | root.chord must have a header",
                "{\"map\":{\"items\":[]}} | root.map.task is required",
                "{\"starmap\":{\"task\":{\"task\":\"a\"},\"items\":[1]}} | root.starmap.items[0] must be a list of arguments",
                "{\"chunks\":{\"task\":{\"task\":\"a\"},\"items\":[]}} | root.chunks.size is required",
                "{\"group\":[],\"onSuccess\":[{\"task\":\"a\",\"id\":\"x\"}]} | root.onSuccess[0].id must be absent"
            })
    void namesThePlaceOfAFault(String json, String message) {
        assertThatThrownBy(() -> root(json))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void limitsTheDepth() {
        var deep = "{\"task\":\"a\"}";
        for (int i = 0; i < Limits.WORKFLOW_DEPTH; i++) {
            deep = "{\"chain\":[" + deep + "]}";
        }
        var json = deep;
        assertThatThrownBy(() -> root(json)).hasMessageContaining("must not be nested deeper than 100 nodes");
    }

    @Test
    void tellsTheKindsOfRecordsApart() {
        assertThat(read("{\"id\":\"w\",\"node\":\"0.1\",\"from\":2,\"append\":[{\"task\":\"a\"}]}"))
                .isInstanceOf(GroupAppend.class);
        assertThat(read("{\"id\":\"w\",\"node\":\"0\",\"complete\":3}")).isEqualTo(new GroupComplete("w", "0", 3));
        assertThat(read("{\"id\":\"w\",\"command\":\"revoke\",\"terminate\":true}"))
                .isEqualTo(new WorkflowCommand("w", WorkflowCommand.Kind.REVOKE, true, null, null));
        assertThatThrownBy(() -> read("{\"id\":\"w\",\"node\":\"1\",\"complete\":3}"))
                .hasMessage("node must be the path of a node, such as 0.1");
        assertThatThrownBy(() -> read("{\"root\":{\"task\":\"a\"}}")).hasMessage("lacks the field id");
    }
}
