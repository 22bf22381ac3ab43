package io.celeriac.web.search;

import java.util.List;

/** How a term compares its field with its value. */
public enum Operator {
    /** Also for the beginning of a text, and for a text that contains another. */
    EQUAL(""),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    /** Longer signs first, so that {@code >=} is not read as {@code >}. */
    static final List<Operator> BY_SIGN = List.of(LESS_OR_EQUAL, GREATER_OR_EQUAL, LESS, GREATER);

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    /** As it stands before the value; empty for {@link #EQUAL}. */
    public String sign() {
        return sign;
    }

    /** Whether a comparison with this result, as of {@link Comparable#compareTo}, holds. */
    public boolean holds(int comparison) {
        return switch (this) {
            case EQUAL -> comparison == 0;
            case LESS -> comparison < 0;
            case LESS_OR_EQUAL -> comparison <= 0;
            case GREATER -> comparison > 0;
            case GREATER_OR_EQUAL -> comparison >= 0;
        };
    }
}
