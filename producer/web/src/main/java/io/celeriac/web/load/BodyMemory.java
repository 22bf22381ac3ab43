package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for bodies that are being read, over all requests. A request that finds none left does not wait; it is told to
 * try again. A byte of a body counts several times, since JSON in memory is larger than as text.
 */
public final class BodyMemory {

    /** Factor of a body that is read as a whole: its bytes, and the tree that is built from them. */
    public static final int OF_A_BODY = 8;

    /** Factor of a batch, which has only one task at a time as a tree: its bytes, and the records that are built from them. */
    public static final int OF_A_BATCH = 2;

    /** The reason for refusing a body. */
    public static final String FULL = "the bodies of other requests fill the memory for them";

    private static final Duration SOON = Duration.ofSeconds(2);

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public BodyMemory(long most) {
        this.most = most;
    }

    /** Bytes in use. */
    long taken() {
        return taken.get();
    }

    /** The memory of one request. For one thread at a time; given back as a whole. */
    public final class Share {
        private final int factor;
        private long mine;

        Share(int factor) {
            this.factor = factor;
        }

        /**
         * Takes room for bytes of the body.
         *
         * @throws ProblemException when there is none left
         */
        public void take(long bytes) {
            if (!offer(bytes)) {
                throw ProblemException.busy(FULL, SOON);
            }
        }

        /** Takes room for bytes of the body, if there is any; false otherwise. */
        public boolean offer(long bytes) {
            var wanted = bytes * factor;
            if (taken.addAndGet(wanted) > most) {
                taken.addAndGet(-wanted);
                return false;
            }
            mine += wanted;
            return true;
        }

        /** Gives all of it back. Safe to repeat. */
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
