package io.celeriac.beat;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.schedule.due.DueFirings;
import io.celeriac.schedule.firing.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.TransactionException;

/**
 * The loop of a scheduler: each turn claims and emits a batch, or waits until one is due.
 *
 * <pre>
 * nothing due       sleeps until the next is due, at most maxSleep, so that it sees changes
 * batch done        turns again at once, until nothing is due
 * others had it     short pause, longer each time: another scheduler has locked what is due
 * database away     logs it once, waits up to a second, continues from the table
 * broker away       logs it once; nothing moves on, and what was tried is due again a second later
 * clock set back    nothing is due until the clock catches up: what was emitted has moved on in the table
 * clock ahead       logs it once, fires nothing until it agrees with the database's clock
 * </pre>
 *
 * <p>For use by one thread, except {@link #lastTurn()}.
 */
final class Beat {

    private static final Logger LOG = LoggerFactory.getLogger(Beat.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);
    private static final Duration AWAY_PAUSE = Duration.ofMillis(500);

    /** How long after a claim it claims again without looking first: probably more is due. */
    private static final Duration BUSY = Duration.ofMillis(100);

    private final DueFirings firings;
    private final Emitter emitter;
    private final BeatProperties settings;
    private final InstantSource clock;
    private final Outage database;
    private final ClockWatch clocks;
    private boolean prepared;
    private Duration pause = SHORTEST_PAUSE;
    private Instant busyFrom = Instant.EPOCH;
    private Instant busyUntil = Instant.MIN;
    private volatile Instant lastTurn;

    Beat(
            DueFirings firings,
            Emitter emitter,
            BeatProperties settings,
            Outage database,
            ClockWatch clocks,
            InstantSource clock) {
        this.firings = firings;
        this.emitter = emitter;
        this.settings = settings;
        this.database = database;
        this.clocks = clocks;
        this.clock = clock;
        lastTurn = clock.instant();
    }

    /** When the last turn succeeded, by the clock. */
    Instant lastTurn() {
        return lastTurn;
    }

    /**
     * One turn. It throws only unforeseen errors, and what is due then stays due.
     *
     * @return how long to wait before the next
     */
    Duration turn() {
        if (!prepared) {
            prepared = true;
            emitter.prepare(TaskRules.DEFAULT_QUEUE);
        }
        try {
            var wait = claimDue();
            database.back();
            return wait;
        } catch (PessimisticLockingFailureException e) { // the database ended this transaction to resolve a deadlock
            LOG.debug("Claims again", e);
            return longerPause();
        } catch (DataAccessException | TransactionException e) {
            database.away(e);
            return AWAY_PAUSE;
        }
    }

    private Duration claimDue() {
        var now = clock.instant();
        if (now.isBefore(busyUntil)) {
            var claim = firings.claim(busyFrom, now, settings.batchSize(), emitter::emit);
            if (claim.claimed() > 0) {
                return goOn(claim.advanced(), now);
            }
        }
        var due = firings.next();
        if (clocks.isAhead(now, due.clock(), clock.instant())) {
            return AWAY_PAUSE;
        }
        var earliest = due.earliest();
        if (earliest.isEmpty() || earliest.get().isAfter(now)) {
            lastTurn = now;
            return earliest.map(next -> atMost(settings.maxSleep(), Duration.between(now, next)))
                    .orElse(settings.maxSleep());
        }
        var first = due.schedules();
        var schedules = first == null || first.isAfter(now) ? Claim.NOTHING : claimFrom(first, now);
        var asked = due.requests();
        var requests = asked == null || asked.isAfter(now)
                ? Claim.NOTHING
                : firings.claimRequests(now, settings.requestBatchSize(), emitter::emit);
        if (schedules.claimed() + requests.claimed() == 0) { // other schedulers have locked it
            lastTurn = now;
            return longerPause();
        }
        return goOn(schedules.advanced() + requests.advanced(), now);
    }

    /** Turns again at once. What the broker did not take is due again later, and does not hold up the rest. */
    private Duration goOn(int advanced, Instant now) {
        pause = SHORTEST_PAUSE;
        if (advanced > 0) {
            lastTurn = now;
        }
        return Duration.ZERO;
    }

    private Claim claimFrom(Instant due, Instant now) {
        busyFrom = due;
        busyUntil = now.plus(BUSY);
        return firings.claim(due, now, settings.batchSize(), emitter::emit);
    }

    private Duration longerPause() {
        var current = pause;
        pause = atMost(LONGEST_PAUSE, pause.multipliedBy(2));
        return current;
    }

    private static Duration atMost(Duration most, Duration wanted) {
        return wanted.compareTo(most) < 0 ? wanted : most;
    }
}
