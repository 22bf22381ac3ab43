package io.celeriac.access.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class AuditLogTest {

    private static final String ODD = "odd";

    /** Refuses entries of one person. */
    private static final class FakeStore implements AuditStore {
        private final List<AuditEntry> stored = new CopyOnWriteArrayList<>();

        @Override
        public void append(List<AuditEntry> entries) {
            if (entries.stream().anyMatch(entry -> entry.who().equals(ODD))) {
                throw new DataIntegrityViolationException("refused");
            }
            stored.addAll(entries);
        }

        @Override
        public int deleteBefore(Instant then, int most) {
            return 0;
        }
    }

    @Test
    void storesOtherEntriesBesideOneThatTheDatabaseRefuses() {
        var store = new FakeStore();
        try (var audit = new AuditLog(store, () -> Instant.EPOCH, Duration.ofDays(1))) {
            var appended = Stream.of("ada", ODD, "bea")
                    .map(who -> CompletableFuture.runAsync(() -> audit.append(entry(who))))
                    .toArray(CompletableFuture<?>[]::new);
            audit.start();
            CompletableFuture.allOf(appended).join();
        }

        assertThat(store.stored)
                .extracting(AuditEntry::who, AuditEntry::action)
                .containsExactlyInAnyOrder(
                        tuple("ada", "POST /api/x"), tuple("", "(not stored)"), tuple("bea", "POST /api/x"));
    }

    private static AuditEntry entry(String who) {
        return new AuditEntry(Instant.EPOCH, who, "user", "POST /api/x", "/api/x", "::1", 200, "");
    }
}
