package io.celeriac.bench.subject;

/** What a child writes when it has its partitions. */
public final class Ready {

    public static final String MARKER = "SUBJECT READY";

    private Ready() {}
}
