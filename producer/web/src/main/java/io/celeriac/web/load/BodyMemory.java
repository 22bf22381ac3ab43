package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for bodies that are being read, over all requests. Nobody waits for it: whoever finds none left is told to
 * come again. A byte of a body counts several times, since JSON in memory is larger than as text.
 */
public final class BodyMemory {

    /** A body that is read as a whole: its bytes, and the tree that is made of them. */
    public static final int OF_A_BODY = 8;

    /** A batch, of which only one task at a time is a tree: its bytes, and the records that are made of them. */
    public static final int OF_A_BATCH = 2;

    /** Why a body is not taken. */
    public static final String FULL = "the bodies of other requests fill the memory for them";

    private static final Duration SOON = Duration.ofSeconds(2);

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public BodyMemory(long most) {
        this.most = most;
    }

    /** Bytes that are taken. */
    long taken() {
        return taken.get();
    }

    /** What one request takes of it, by one thread at a time; given back as a whole. */
    public final class Share {
        private final int factor;
        private long mine;

        Share(int factor) {
            this.factor = factor;
        }

        /**
         * Takes room for so many bytes of the body.
         *
         * @throws ProblemException when there is none left
         */
        public void take(long bytes) {
            if (!offer(bytes)) {
                throw ProblemException.busy(FULL, SOON);
            }
        }

        /** Takes room for so many bytes of the body, if there is. */
        public boolean offer(long bytes) {
            var wanted = bytes * factor;
            if (taken.addAndGet(wanted) > most) {
                taken.addAndGet(-wanted);
                return false;
            }
            mine += wanted;
            return true;
        }

        /** Safe to repeat. */
        public void giveBack() {
            taken.addAndGet(-mine);
            mine = 0;
        }
    }

    /**
     * @param factor such as {@link #OF_A_BODY}
     */
    public Share share(int factor) {
        return new Share(factor);
    }
}
