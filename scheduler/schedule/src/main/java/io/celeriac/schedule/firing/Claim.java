package io.celeriac.schedule.firing;

import java.time.Duration;

/**
 * The outcome of a claim.
 *
 * @param claimed how many schedules or requests were due and not locked
 * @param advanced how many of them moved on
 */
public record Claim(int claimed, int advanced) {

    /** The outcome if nothing was due. */
    public static final Claim NOTHING = new Claim(0, 0);

    /** How long a row is put off if its tasks could not be sent. */
    public static final Duration PUT_OFF = Duration.ofSeconds(1);

    /** How long a row is put off if it cannot be read or written. */
    public static final Duration SET_ASIDE = Duration.ofSeconds(30);

    /** The sum of both outcomes. */
    public Claim and(Claim other) {
        return new Claim(claimed + other.claimed, advanced + other.advanced);
    }
}
