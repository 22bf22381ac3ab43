package io.celeriac.web.search;

/** The bounds of a search. They keep its parsing and its SQL small, whoever writes it. */
public final class QueryLimits {

    /** Most characters. */
    public static final int LENGTH = 2_000;

    /** Most terms. */
    public static final int TERMS = 50;

    /** Most parentheses and negations around a term. */
    public static final int DEPTH = 20;

    private QueryLimits() {}
}
