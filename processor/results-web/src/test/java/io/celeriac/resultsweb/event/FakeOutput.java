package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A connection whose reader takes so many bytes and no more, until it is told to take others. */
final class FakeOutput implements EventOutput {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private long appetite;
    private boolean broken;
    private boolean unflushed;
    private String end = "";

    /** How many more bytes are taken; a write that begins is taken whole. */
    void takes(long bytes) {
        appetite = bytes;
    }

    void breaks() {
        broken = true;
    }

    @Override
    public boolean isReady() {
        requireOpen();
        return appetite > 0;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        requireReady();
        appetite -= bytes.length;
        taken.writeBytes(bytes);
        unflushed = true;
    }

    @Override
    public void flush() throws IOException {
        requireReady();
        unflushed = false;
    }

    @Override
    public void complete() {
        requireOpen();
        if (unflushed) {
            throw new IllegalStateException("completed before it was flushed");
        }
        end = "completed";
    }

    @Override
    public void abort() {
        requireOpen();
        end = "aborted";
    }

    /** {@code completed}, {@code aborted}, or empty while it is open. */
    String end() {
        return end;
    }

    /** The events that were taken, each without the empty line that ends it. */
    List<String> events() {
        if (unflushed) {
            throw new IllegalStateException("not flushed");
        }
        var events = new ArrayList<>(List.of(taken.toString(UTF_8).split("\n\n", -1)));
        if (!events.remove(events.size() - 1).isEmpty()) {
            throw new IllegalStateException("the last event is not whole");
        }
        return events;
    }

    private void requireReady() throws IOException {
        if (!isReady()) {
            throw new IllegalStateException("not ready");
        }
        if (broken) {
            throw new IOException("broken pipe");
        }
    }

    private void requireOpen() {
        if (!end.isEmpty()) {
            throw new IllegalStateException("touched after it was " + end);
        }
    }
}
