package io.celeriac.engine.poison;

import static java.time.Duration.ofMillis;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The place and times of a suspect, as the {@link OwnerMark} records them. They decide what the death of the process says of it.
 *
 * @param id of the task
 * @param suspicion from earlier deaths
 * @param place where it is
 * @param waited how long it has waited for its trial while nobody else was on trial, at the least
 * @param ran how long it had run when that was last noted
 */
public record Trace(String id, Suspicion suspicion, Place place, Duration waited, Duration ran) {

    private static final int FIELDS = 10;
    private static final Duration LATENCY = ofMillis(100); // of a commit

    /** The trials that are on in a process. */
    public enum Trials {
        /** No trial that would explain a death. */
        NONE,
        /** A trial of some seconds. Nothing begins beside it, so the suspect is the most likely cause of a death. */
        SHORT,
        /** A longer trial, of a suspect that was near several deaths. */
        LONG
    }

    /** Where a suspect can be. */
    enum Place {
        /** It waits for its eta, its turn or its handler; or it was released, and waits for a thread. */
        ELSEWHERE,
        /** It waits, and nobody is on trial. */
        WAITS,
        /** It waits while another is on trial. */
        WAITS_FOR_OTHERS,
        /** It is the only one on trial: it runs, or begins now. */
        ALONE,
        /** It is on trial with others. */
        TOGETHER,
        /** It still runs after its trial. */
        BESIDE
    }

    /** The wait or run time at which a suspect's time is noted again. */
    static Duration nextNote(Duration noted) {
        return noted.plus(noted.dividedBy(4)).plusMillis(100);
    }

    /** How long it can have run: a longer time would have been noted. */
    private Duration longest() {
        return nextNote(ran).plus(LATENCY);
    }

    /**
     * The suspicion after the death of its process.
     *
     * @param trials that were on in the process
     */
    Suspicion afterDeath(Trials trials) {
        return switch (place) {
            case ELSEWHERE -> suspicion;
            case WAITS -> suspicion.control(waited);
            case WAITS_FOR_OTHERS -> trials == Trials.SHORT ? suspicion : suspicion.other();
            case ALONE -> suspicion.alone(waited, longest());
            case TOGETHER -> suspicion.together(longest());
            case BESIDE ->
                switch (trials) {
                    case NONE -> suspicion.beside(waited, longest());
                    case SHORT -> suspicion;
                    case LONG -> suspicion.besideAnother(waited, longest());
                };
        };
    }

    String line(String separator) {
        return String.join(
                separator,
                place.name(),
                String.valueOf(waited.toMillis()),
                String.valueOf(ran.toMillis()),
                String.valueOf(suspicion.seen()),
                String.valueOf(suspicion.strikes()),
                String.valueOf(suspicion.controls()),
                String.valueOf(suspicion.ran().toMillis()),
                String.valueOf(suspicion.waited().toMillis()),
                String.valueOf(suspicion.span().toMillis()),
                id);
    }

    /** Empty for a line of another version. */
    static Optional<Trace> of(String line, String separator) {
        var fields = line.split(separator);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        var times =
                Arrays.stream(fields, 1, FIELDS - 1).mapToLong(Long::parseLong).toArray();
        var suspicion = new Suspicion(
                (int) times[2],
                (int) times[3],
                (int) times[4],
                ofMillis(times[5]),
                ofMillis(times[6]),
                ofMillis(times[7]));
        return Optional.of(new Trace(
                fields[FIELDS - 1], suspicion, Place.valueOf(fields[0]), ofMillis(times[0]), ofMillis(times[1])));
    }
}
