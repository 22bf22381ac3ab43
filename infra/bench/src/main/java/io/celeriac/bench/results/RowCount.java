package io.celeriac.bench.results;

import io.celeriac.bench.results.TablesRepository.Position;

/**
 * How many tasks there are, reckoned from what was written and what was changed since they were counted: counting ten million again
 * and again would be what is measured. Right as long as each result is of another task.
 */
final class RowCount {

    private final TablesRepository tables;
    private final String topic;
    private final long counted;
    private final Position begin;

    private RowCount(TablesRepository tables, String topic, long counted, Position begin) {
        this.tables = tables;
        this.topic = topic;
        this.counted = counted;
        this.begin = begin;
    }

    /** Counts once, while nothing is written or deleted. */
    static RowCount from(TablesRepository tables, String topic) {
        var counted = tables.count("task_result");
        tables.countChanges();
        return new RowCount(tables, topic, counted, tables.position(topic));
    }

    long now() {
        var position = tables.position(topic);
        var inserted = position.written() - begin.written();
        var deleted = position.changedRows() - begin.changedRows() - inserted;
        return counted + inserted - deleted;
    }

    /** Records of the topic that are in the tables. */
    long written() {
        return tables.position(topic).written();
    }
}
