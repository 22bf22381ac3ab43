package io.celeriac.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers with no more digits than were measured. */
public final class Rounded {

    private Rounded() {}

    /**
     * @throws IllegalArgumentException for what is no number: a measurement that divided by nothing must not be told
     */
    public static double to(int digits, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("measured " + value + ", which is no number");
        }
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).doubleValue();
    }
}
