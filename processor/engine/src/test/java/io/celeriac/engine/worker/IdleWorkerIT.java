package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker whose attempts only take their time has nothing to tell the broker but its heartbeats. Streams commits whenever a
 * timer has fired, and the engine's fires with every pass while attempts run: with hour-long tasks, a hundred workers made seven
 * hundred commits a second for nothing.
 */
class IdleWorkerIT {

    private static final String KAFKA = TestStack.kafka().bootstrapServers();

    private final TestQueue queue = new TestQueue(KAFKA, TestStack.uniqueName("idle"), 2);
    private final TestWorkers workers = new TestWorkers(queue, KAFKA);
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void commitsNothingWhileAnAttemptTakesItsTime(Guarantee guarantee) {
        var worker = workers.start(
                guarantee, List.of(Handler.of("long", (task, context) -> go.await(60, TimeUnit.SECONDS))), Map.of());
        queue.submit(Task.named("long").id("long").trackStarted(true).build());
        queue.flush();
        queue.awaitStates("it has begun", states -> states.containsKey("long"));
        awaitNothingToCommit(worker);

        var before = requests(worker);
        assertThat(before).isPositive();
        await().during(ofSeconds(4)).atMost(ofSeconds(8)).until(() -> true);

        assertThat(requests(worker) - before)
                .as("commits, and requests of the producer, in four seconds")
                .isLessThan(8);
        go.countDown();
        queue.awaitStates("it has ended", states -> states.get("long").state().isFinal());
    }

    private static void awaitNothingToCommit(Worker worker) {
        await().atMost(ofSeconds(20)).until(() -> {
            var before = requests(worker);
            await().pollDelay(ofSeconds(1)).until(() -> true);
            return requests(worker) - before < 3;
        });
    }

    private static double requests(Worker worker) {
        return sum("kafka.consumer:type=consumer-coordinator-metrics", "commit-total", worker)
                + sum("kafka.producer:type=producer-metrics", "request-total", worker);
    }

    private static double sum(String group, String attribute, Worker worker) {
        var server = ManagementFactory.getPlatformMBeanServer();
        try {
            double sum = 0;
            for (var name : server.queryNames(new ObjectName(group + ",client-id=*"), null)) {
                if (name.getKeyProperty("client-id").contains(worker.id())) {
                    sum += (Double) server.getAttribute(name, attribute);
                }
            }
            return sum;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
