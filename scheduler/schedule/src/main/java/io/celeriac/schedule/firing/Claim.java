package io.celeriac.schedule.firing;

import java.time.Duration;

/**
 * What came of claiming.
 *
 * @param claimed how many schedules or requests were due and free
 * @param advanced how many of them have moved on
 */
public record Claim(int claimed, int advanced) {

    /** Nothing was due and free. */
    public static final Claim NOTHING = new Claim(0, 0);

    /** For how long what could not be emitted is out of the way of the rest. */
    public static final Duration PUT_OFF = Duration.ofSeconds(1);

    /** The same for what cannot be read or written. */
    public static final Duration SET_ASIDE = Duration.ofSeconds(30);

    /** Both together. */
    public Claim and(Claim other) {
        return new Claim(claimed + other.claimed, advanced + other.advanced);
    }
}
