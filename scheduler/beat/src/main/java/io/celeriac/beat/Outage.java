package io.celeriac.beat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once that something is away, and once that it is back. Safe for use by several threads. */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final String what;
    private boolean away;

    /**
     * @param what is away, as the start of a sentence
     */
    Outage(String what) {
        this.what = what;
    }

    synchronized void away(Throwable error) {
        if (!away) {
            LOG.warn("{} is away; what is due waits for it: {}", what, firstLine(error));
            LOG.debug("{} is away", what, error);
        }
        away = true;
    }

    private static String firstLine(Throwable error) {
        return error.toString().lines().findFirst().orElse("");
    }

    synchronized void back() {
        if (away) {
            LOG.info("{} is back", what);
        }
        away = false;
    }
}
