package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AttemptThreadsTest {

    @Test
    void areVirtualWhereTheJvmHasThem() throws Exception {
        var executor = AttemptThreads.executor();
        try {
            var thread = executor.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);

            assertThat(thread.getName()).startsWith("celeriac-attempt-");
            assertThat(thread.isDaemon()).as("none keeps the JVM alive").isTrue();
            assertThat(AttemptThreads.areVirtual())
                    .isEqualTo(Runtime.version().feature() >= 21)
                    .isEqualTo(thread.getClass().getName().contains("Virtual"));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void areMoreWhereTheyAreCheap() {
        var cores = Runtime.getRuntime().availableProcessors();

        assertThat(AttemptThreads.defaultConcurrency()).isEqualTo(cores * (AttemptThreads.areVirtual() ? 16 : 2));
    }
}
