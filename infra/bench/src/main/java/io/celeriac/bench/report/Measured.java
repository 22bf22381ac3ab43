package io.celeriac.bench.report;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What came of a part of a benchmark. */
public interface Measured {

    /** As people read it. */
    List<Table> tables();

    /** The tables for a page. */
    default String markdown() {
        return tables().stream().map(Table::markdown).collect(Collectors.joining("\n"));
    }

    /** The tables for a terminal. */
    default void tell(Consumer<String> out) {
        tables().forEach(table -> out.accept("\n" + table.text().stripTrailing()));
    }
}
