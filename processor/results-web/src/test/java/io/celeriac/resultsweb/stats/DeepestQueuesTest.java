package io.celeriac.resultsweb.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.results.count.CountQuery;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeepestQueuesTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:30Z"); // begins both spans, and no step
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<CountQuery> looks = Collections.synchronizedList(new ArrayList<>());
    private final DeepestQueues deepest = new DeepestQueues(
            query -> {
                looks.add(query);
                return List.of();
            },
            now::get,
            () -> 0);

    private static Caller reader(String name, String... queues) {
        return new Caller(
                name, Caller.Kind.USER, Set.of(Authority.TASK_READ), queues.length == 0 ? null : Set.of(queues), null);
    }

    @Test
    void looksOnceForAllReadersOfFiveSeconds() {
        IntStream.range(0, 50).parallel().forEach(one -> deepest.within(HOUR, reader("reader " + one)));
        now.set(START.plusMillis(4_999));
        deepest.within(HOUR, reader("ada"));
        assertThat(looks).hasSize(1);

        now.set(START.plusSeconds(5));
        deepest.within(HOUR, reader("ada"));
        assertThat(looks).hasSize(2);
    }

    @Test
    void looksLessOftenAtMoreThanADay() {
        deepest.within(WEEK, reader("ada"));
        now.set(START.plusSeconds(29));
        deepest.within(WEEK, reader("ada"));
        assertThat(looks).hasSize(1);

        now.set(START.plusSeconds(30));
        deepest.within(WEEK, reader("ada"));
        assertThat(looks).hasSize(2);
    }

    @Test
    void asksOnlyForTheQueuesThatAReaderSees() {
        deepest.within(HOUR, reader("ada"));
        deepest.within(HOUR, reader("nora", "mail"));
        deepest.within(HOUR, reader("nils", "mail"));

        assertThat(looks).extracting(CountQuery::queues).containsExactly(null, Set.of("mail"));
    }
}
