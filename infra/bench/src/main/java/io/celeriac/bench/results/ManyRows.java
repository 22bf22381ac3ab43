package io.celeriac.bench.results;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The large table, which is filled when it is first asked for, and gone when this is closed. For one thread. */
final class ManyRows implements AutoCloseable {

    private static final Duration FLUSH = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int FEW_PAGES = 200;

    private final Bench bench;
    private @Nullable Schema schema;
    private @Nullable Instant end;

    ManyRows(Bench bench) {
        this.bench = bench;
    }

    Schema schema() {
        if (schema == null) {
            end = bench.clock().instant().truncatedTo(ChronoUnit.SECONDS);
            schema = bench.schema("many_rows");
            fill(schema, end);
        }
        return schema;
    }

    /** Of the time over which the rows are spread. */
    Instant end() {
        if (end == null) {
            throw new IllegalStateException("not filled yet");
        }
        return end;
    }

    private void fill(Schema into, Instant until) {
        var rows = bench.parameters().rows();
        var begun = System.nanoTime();
        var step = Math.max(rows / 10, 1);
        bench.tell("filling the tables with " + Figures.whole(rows) + " tasks");
        new SpreadRepository(into.pool(), rows, until).fill(done -> {
            if (done % step == 0) {
                bench.tell(Figures.whole(done) + " tasks, " + Figures.whole(done * 1e9 / (System.nanoTime() - begun))
                        + " per second");
            }
        });
        flush(into.repository());
        bench.tell("filled: " + Figures.one(into.repository().size() / (double) (1 << 30)) + " GB with indexes");
    }

    /** So that the first questions do not meet a server that is busy with what came before them. */
    private void flush(TablesRepository repository) {
        repository.flush();
        var pages = repository.dirtyPages();
        for (var end = System.nanoTime() + FLUSH.toNanos(); pages >= FEW_PAGES && System.nanoTime() < end; ) {
            bench.tell("the server has " + Figures.whole(pages) + " pages to write");
            Patience.pause(LOOK);
            pages = repository.dirtyPages();
        }
        repository.flushAtLeisure();
    }

    @Override
    public void close() {
        if (schema != null) {
            schema.close();
        }
    }
}
