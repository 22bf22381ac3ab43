package io.celeriac.test;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.client.RemoteTaskException;
import io.celeriac.client.workflow.Flow;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.engine.GroupResults;
import io.celeriac.engine.TaskHandler;
import io.celeriac.test.junit.CeleriacExtension;
import io.celeriac.test.sent.SentTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkflowSandboxTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30); // nothing here should wait

    private final List<String> calls = new ArrayList<>();
    private boolean broken;

    @RegisterExtension
    final CeleriacExtension celeriac = CeleriacExtension.inline(new Demo());

    /** Handlers as a service has them. */
    class Demo {

        @TaskHandler("demo.add")
        int add(int a, int b) {
            calls.add(a + "+" + b);
            return a + b;
        }

        @TaskHandler("demo.sum")
        int sum(List<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).sum();
        }

        @TaskHandler("demo.page")
        String page(int number, int bytes) {
            return number + "x".repeat(bytes);
        }

        @TaskHandler("demo.count")
        List<Integer> count(GroupResults<String> pages) {
            assertThat(pages.size()).isEqualTo(50);
            return pages.stream()
                    .map(page -> Integer.valueOf(page.replace("x", "")))
                    .toList();
        }

        @TaskHandler("demo.join")
        int join(List<String> pages) {
            return pages.size();
        }

        @TaskHandler("demo.fragile")
        int fragile(int number) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            return number;
        }
    }

    @Test
    void passesResultsAlongAChain(WorkflowClient workflows) throws Exception {
        var sum = workflows.send(
                Flow.task("demo.add", 1, 2).then(Flow.task("demo.add", 3)).then(Flow.task("demo.add", 4)));

        assertThat(sum.get(PATIENCE)).hasToString("10");
        assertThat(calls).containsExactly("1+2", "3+3", "6+4");
    }

    @Test
    void gathersTheResultsOfAGroup(WorkflowClient workflows, SentTasks sent) throws Exception {
        var members = IntStream.range(0, 500)
                .mapToObj(i -> Flow.task("demo.add", i, 1))
                .toList();

        var sum = workflows.send(Flow.group(members).then(Flow.task("demo.sum")));

        assertThat(sum.get(PATIENCE)).hasToString("125250");
        assertThat(sent).sent("demo.add").times(500);
        assertThat(sent).sent("demo.sum").once();
    }

    /** A million bytes do not fit the record of the task that gets them. */
    @Test
    void streamsTheResultsOfALargeGroup(WorkflowClient workflows) throws Exception {
        var pages = Flow.group(IntStream.range(0, 50)
                .mapToObj(i -> Flow.task("demo.page", i, 20_000))
                .toList());

        var counted = workflows.send(pages.then(Flow.task("demo.count")));
        var joined = workflows.send(pages.then(Flow.task("demo.join")));

        assertThat(counted.get(PATIENCE))
                .hasToString(IntStream.range(0, 50).mapToObj(String::valueOf).collect(joining(",", "[", "]")));
        assertThat(joined.get(PATIENCE)).hasToString("50");
    }

    @Test
    void passesASmallListToAHandlerThatStreams(WorkflowClient workflows) {
        var pages = Flow.group(IntStream.range(0, 50)
                .mapToObj(i -> Flow.task("demo.page", i, 1))
                .toList());

        var counted = workflows.send(pages.then(Flow.task("demo.count")));

        assertThat(counted.state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void failsWithTheErrorOfTheTaskAtFault(WorkflowClient workflows, SentTasks sent) {
        broken = true;

        var sum = workflows.send(Flow.group(Flow.task("demo.add", 1, 2), Flow.task("demo.fragile", 7))
                .then(Flow.task("demo.sum")));

        assertThatExceptionOfType(RemoteTaskException.class)
                .isThrownBy(() -> sum.get(PATIENCE))
                .withMessageContaining("broken");
        assertThat(sent).neverSent("demo.sum");
    }

    @Test
    void runsAWorkflowAgainFromWhereItFailed(WorkflowClient workflows, SentTasks sent) {
        broken = true;
        var sum = workflows.send(Flow.group(Flow.task("demo.add", 1, 2), Flow.task("demo.fragile", 7))
                .then(Flow.task("demo.sum")));
        assertThat(sum.state()).isEqualTo(TaskState.FAILURE);
        broken = false;

        sum.retry();

        assertThat(calls).containsExactly("1+2");
        assertThat(sent).sent("demo.fragile").times(2);
        assertThat(sent).sent("demo.sum").once().withArgs(List.of(3, 7));
    }

    @Test
    void endsARevokedWorkflowWithTheTaskThatWaits(WorkflowClient workflows, TestClock clock, TaskSandbox sandbox) {
        var later = clock.instant().plus(Duration.ofHours(1));
        var waits = Flow.task(Task.named("demo.add").args(1, 2).eta(later).build());
        var sum = workflows.send(waits.then(Flow.task("demo.add", 3)));
        assertThat(sandbox.held()).hasSize(1);

        sum.revoke();

        assertThat(sum.state()).isEqualTo(TaskState.REVOKED);
        assertThat(sandbox.held()).isEmpty();
        clock.advance(Duration.ofDays(30)); // the coordinator forgets it
        assertThat(calls).isEmpty();
    }

    @Test
    void goesOnWhenTheClockIsMoved(WorkflowClient workflows, TestClock clock) throws Exception {
        var later = clock.instant().plus(Duration.ofHours(1));
        var waits = Flow.task(Task.named("demo.add").args(1, 2).eta(later).build());
        var sum = workflows.send(waits.then(Flow.task("demo.add", 3)));

        clock.advance(Duration.ofHours(1));

        assertThat(sum.get(PATIENCE)).hasToString("6");
    }

    @Test
    void recordsWorkflowsWithoutRunningThem() {
        var recording = TaskSandbox.recording();

        recording.workflows().send(Flow.task("demo.add", 1, 2), o -> o.name("sums"));

        assertThat(recording.sentWorkflows()).extracting(Workflow::name).containsExactly("sums");
        assertThat(recording.sent()).sentNothing();
    }
}
