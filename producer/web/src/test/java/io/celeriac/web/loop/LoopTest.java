package io.celeriac.web.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/** A thread that ends unseen leaves all that it did undone for ever. */
class LoopTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Loops loops = new Loops(registry);
    private final AtomicInteger turns = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean broken = true;

    private final Loop loop = new Loop("reader", this::turn, ended::countDown);

    @AfterEach
    void end() {
        loop.end();
    }

    private void turn() throws InterruptedException {
        turns.incrementAndGet();
        if (broken) {
            throw new StackOverflowError("record results-0@7");
        }
        Thread.sleep(1);
    }

    @Test
    void goesOnWhateverIsThrownAndSaysSoAfterThreeTimesInARow() {
        loops.watch(loop);
        loop.start();

        await().until(() -> loops.health().getStatus().equals(Status.DOWN));
        assertThat(loops.health().getDetails().get("reader").toString())
                .contains("times in a row")
                .contains("results-0@7");
        assertThat(registry.get("celeriac.web.loop.failures").functionCounter().count())
                .isGreaterThanOrEqualTo(3);

        broken = false;
        await().until(() -> loops.health().getStatus().equals(Status.UP));
        var before = turns.get();
        await().until(() -> turns.get() > before);
    }

    @Test
    void waitsLongerFromTimeToTime() {
        loop.start();
        await().until(() -> turns.get() >= 3);

        loop.end();
        loop.join(Duration.ofSeconds(5));

        assertThat(turns.get()).isLessThan(10);
        assertThat(ended.getCount()).isZero();
        assertThat(loop.trouble()).as("of one that was ended").isEmpty();
    }
}
