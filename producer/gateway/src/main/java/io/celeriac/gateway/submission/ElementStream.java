package io.celeriac.gateway.submission;

import io.celeriac.web.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a batch. It ends with a problem when one task is too large to be read: as a tree the task would be many times
 * as large.
 */
final class ElementStream extends FilterInputStream {

    private static final int PIECE = 8 << 10; // the reader may have read this much of the next task already

    private final long most;
    private long read;
    private int index;

    /**
     * @param most bytes of one task, with the white space around it
     */
    ElementStream(InputStream body, long most) {
        super(body);
        this.most = most + PIECE;
    }

    /** Marks the beginning of the next task, within the length of a read. */
    void begin(int number) {
        index = number;
        read = 0;
    }

    @Override
    public int read() throws IOException {
        var one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        var count = super.read(buffer, offset, Math.min(length, PIECE));
        count(count);
        return count;
    }

    private void count(int bytes) {
        read += Math.max(0, bytes);
        if (read > most) {
            throw ProblemException.tooLarge("[" + index + "]", "is too large for a task");
        }
    }
}
