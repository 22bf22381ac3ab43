package io.celeriac.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** It is a priority queue that is faster when it need not be one. */
class ReadyAttemptsTest {

    private static final AttemptQueue QUEUE =
            new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));
    private static final Handler HANDLER = Handler.of("task", (task, context) -> null);

    /** Each step: 0 to 3 take one out, 4 withdraws one, and the others add one with that priority, mostly in the order of records. */
    @Property
    void givesAttemptsOutAsAPriorityQueueDoes(@ForAll @Size(max = 60) List<@IntRange(max = 12) Integer> steps) {
        var ready = new ReadyAttempts();
        Queue<Attempt> model = new PriorityQueue<>(Attempt.BY_PRIORITY);
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            if (step < 4) {
                assertThat(ready.peek()).isSameAs(model.peek());
                assertThat(ready.poll()).isSameAs(model.poll());
            } else if (step == 4) {
                var id = "a" + i / 2;
                assertThat(ready.removeIf(attempt -> attempt.id().equals(id)))
                        .isEqualTo(model.removeIf(attempt -> attempt.id().equals(id)));
            } else {
                var attempt = attempt("a" + i, step % 10, step == 12 ? -i : i); // a retry is of an earlier record
                ready.add(attempt);
                model.add(attempt);
            }
            assertThat(ready).hasSameSizeAs(model).containsExactlyInAnyOrderElementsOf(model);
        }
    }

    private static Attempt attempt(String id, int priority, long offset) {
        var origin = new SourceRecord(
                "default", "celeriac.tasks.default", 0, offset, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        var task = Task.named("task").id(id).priority(priority).build();
        return new Attempt(QUEUE, AcceptedTask.first(origin, task, Instant.EPOCH), HANDLER);
    }
}
