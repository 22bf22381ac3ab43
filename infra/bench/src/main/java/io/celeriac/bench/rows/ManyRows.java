package io.celeriac.bench.rows;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The large table, which is filled when it is first asked for, and gone when this is closed. For one thread. */
public final class ManyRows implements AutoCloseable {

    /** What there is to be. */
    public enum Kind {
        /** Tasks in all states. */
        MIXED,
        /** The same, with the counters that a materializer would have kept. */
        COUNTED,
        /** Failed tasks. */
        FAILED
    }

    private static final Duration FLUSH = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int FEW_PAGES = 200;

    private final Database database;
    private final Kind kind;
    private final int rows;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private @Nullable Schema schema;
    private @Nullable Instant end;

    /**
     * @param progress told what is being done
     */
    public ManyRows(Database database, Kind kind, int rows, InstantSource clock, Consumer<String> progress) {
        this.database = database;
        this.kind = kind;
        this.rows = rows;
        this.clock = clock;
        this.progress = progress;
    }

    public Schema schema() {
        if (schema == null) {
            end = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            schema = Schema.open(database, "many_rows_" + kind.name().toLowerCase(Locale.ROOT));
            fill(schema, end);
        }
        return schema;
    }

    /** Of the time over which the rows are spread. */
    public Instant end() {
        if (end == null) {
            throw new IllegalStateException("not filled yet");
        }
        return end;
    }

    private void fill(Schema into, Instant until) {
        var begun = System.nanoTime();
        var step = Math.max(rows / 10, 1);
        progress.accept("filling the tables with " + Figures.whole(rows) + " tasks");
        var spread = new SpreadRepository(into.pool(), rows, kind == Kind.FAILED, until);
        spread.fill(done -> {
            if (done % step == 0) {
                progress.accept(Figures.whole(done) + " tasks, "
                        + Figures.whole(done * 1e9 / (System.nanoTime() - begun)) + " per second");
            }
        });
        if (kind == Kind.COUNTED) {
            progress.accept("filling the counters");
            spread.fillCounters();
        }
        flush(into.repository());
        progress.accept("filled: " + Figures.one(into.repository().size() / (double) (1 << 30)) + " GB with indexes");
    }

    /** So that the first questions do not meet a server that is busy with what came before them. */
    private void flush(TablesRepository repository) {
        repository.flush();
        var pages = repository.dirtyPages();
        for (var end = System.nanoTime() + FLUSH.toNanos(); pages >= FEW_PAGES && System.nanoTime() < end; ) {
            progress.accept("the server has " + Figures.whole(pages) + " pages to write");
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
