package io.celeriac.web.search;

/** The bounds of a search. They keep its parsing and its SQL small, whoever writes it. */
public final class QueryLimits {

    /** Of a search that people write. */
    static final QueryLimits ASKED = new QueryLimits(2_000, 50, 20);

    /** Of a search that may have been frozen: resolved times are longer, and a frozen search has terms of its own. */
    static final QueryLimits FROZEN = new QueryLimits(4_000, 60, 25);

    /** Of a search that the program keeps. Somebody has checked it before, so it must be readable whatever was added to it. */
    static final QueryLimits KEPT = new QueryLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 50);

    /** Most characters. */
    public static final int LENGTH = ASKED.length;

    /** Most terms. */
    public static final int TERMS = ASKED.terms;

    /** Most parentheses and negations around a term. */
    public static final int DEPTH = ASKED.depth;

    final int length;
    final int terms;
    final int depth;

    private QueryLimits(int length, int terms, int depth) {
        this.length = length;
        this.terms = terms;
        this.depth = depth;
    }
}
